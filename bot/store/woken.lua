-- Hands out conversations whose time has come; nobody else gets them during the lease.
-- KEYS: wake. ARGV: now, end of the lease, prefix of the keys of records
local woken = {}
for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])) do
  if redis.call('EXISTS', ARGV[3] .. conversation) == 1 then
    redis.call('ZADD', KEYS[1], ARGV[2], conversation)
    table.insert(woken, conversation)
  else
    redis.call('ZREM', KEYS[1], conversation)
  end
end
return woken

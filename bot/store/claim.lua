-- Hands out deliveries that are due: the first of each conversation, for a lease.
-- KEYS: due. ARGV: now, end of the lease, limit, prefix of the keys of deliveries
-- Answers a list of {conversation, number, attempts with this one, body}.
local claimed = {}
for _, conversation in ipairs(
    redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  local waiting = ARGV[4] .. conversation
  local first = redis.call('LINDEX', waiting, 0)
  if first then
    local number, attempts, body = string.match(first, '^(%d+) (%d+) (.*)$')
    redis.call('LSET', waiting, 0, number .. ' ' .. (attempts + 1) .. ' ' .. body)
    redis.call('ZADD', KEYS[1], ARGV[2], conversation)
    table.insert(claimed, {conversation, tonumber(number), attempts + 1, body})
  else
    redis.call('ZREM', KEYS[1], conversation)
  end
end
return claimed

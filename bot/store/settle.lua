-- Drops a claimed delivery, the next one is due at once; or lets it wait until a time.
-- KEYS: deliveries, due. ARGV: conversation, number of the delivery, time or '' to drop it
local first = redis.call('LINDEX', KEYS[1], 0)
if not first or string.match(first, '^%d+') ~= ARGV[2] then return end
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
  return
end
redis.call('LPOP', KEYS[1])
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('ZADD', KEYS[2], 0, ARGV[1])
else redis.call('ZREM', KEYS[2], ARGV[1]) end

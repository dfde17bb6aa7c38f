-- Writes a change of a conversation, whole or not at all.
-- KEYS: record, messages, clients, deliveries, waiting, wake, due, changed, held, numbers
-- ARGV: conversation, revision of the change, data, now, seconds to keep, waiting since or '',
--       wake at or '', agent or '', number of the first message, count of messages, then of each
--       message its JSON and its client id or '', then the bodies of the deliveries
-- Answers 1, or 0 where the change was made from an outdated record.
local record, messages, clients, deliveries, waiting, wake, due, changed, held, numbers =
  unpack(KEYS)
local conversation, revision, data, now, keep, waiting_since, wake_at, agent = unpack(ARGV, 1, 8)
local first, count = tonumber(ARGV[9]), tonumber(ARGV[10])
local ids = {}

local function at_time(key, time)
  if time == '' then redis.call('ZREM', key, conversation)
  else redis.call('ZADD', key, time, conversation) end
end

if (redis.call('HGET', record, 'revision') or '0') ~= revision then return 0 end
local last = redis.call('LLEN', messages)
if count > 0 and first ~= last + 1 then return 0 end
for i = 1, count do
  local id = ARGV[10 + 2 * i]
  if id ~= '' then
    if ids[id] or redis.call('HEXISTS', clients, id) == 1 then return 0 end
    ids[id] = last + i
  end
end

for i = 1, count do redis.call('RPUSH', messages, ARGV[9 + 2 * i]) end
for id, number in pairs(ids) do redis.call('HSET', clients, id, number) end
redis.call('HSET', record, 'revision', revision + 1, 'data', data, 'last', last + count)
for i = 11 + 2 * count, #ARGV do
  redis.call('RPUSH', deliveries, redis.call('INCR', numbers) .. ' 0 ' .. ARGV[i])
  redis.call('ZADD', due, 'NX', 0, conversation)
end
at_time(waiting, waiting_since)
at_time(wake, wake_at)
if agent == '' then redis.call('HDEL', held, conversation)
else redis.call('HSET', held, conversation, agent) end
redis.call('ZADD', changed, now, conversation)
for i = 1, 4 do redis.call('EXPIRE', KEYS[i], keep) end
return 1

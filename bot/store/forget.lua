-- Deletes everything of a conversation.
-- KEYS: record, messages, clients, deliveries, waiting, wake, due, changed, held
-- ARGV: conversation, and a time: only if it was last changed before; '' always
-- Answers 1, or 0 where it has changed since.
local changed = tonumber(redis.call('ZSCORE', KEYS[8], ARGV[1]) or 0)
if ARGV[2] ~= '' and changed >= tonumber(ARGV[2]) then return 0 end
redis.call('DEL', unpack(KEYS, 1, 4))
for i = 5, 8 do redis.call('ZREM', KEYS[i], ARGV[1]) end
redis.call('HDEL', KEYS[9], ARGV[1])
return 1

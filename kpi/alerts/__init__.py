"""What is told by itself: alerts, digests, and the messages that carry them.

`machine` is pure: what was seen per day in, where an alert stands out. `watching` asks the numbers
for what is seen, `looking` keeps where alerts stand and makes messages, `outbox` and `sending`
bring them away, once each. `digests` are composed and scheduled here too.
"""

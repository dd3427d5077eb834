"""How late the job queue may be, and how long a part of the shop may take to say how it is."""

# A worker that is well starts a job within seconds; retries wait on purpose and do not count.
MAX_QUEUE_LAG_SECONDS = 300
# Whoever watches gives up soon: a slow answer is no answer.
ANSWER_SECONDS = 3

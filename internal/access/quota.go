package access

// Quota bounds what one tenant may ask for. A part that is zero leaves the server's default; a negative one has no bound.
type Quota struct {
	Requests   int   `json:"requestsPerMinute,omitempty"`
	Concurrent int   `json:"concurrentQueries,omitempty"`
	Rows       int64 `json:"rowsPerDay,omitempty"`
	Bytes      int64 `json:"bytesPerDay,omitempty"`
}

// Within tells whether the quota is no wider than another one. Nothing set is the server's default, which is neither.
func (q Quota) Within(other Quota) bool {
	return noWider(q.Requests, other.Requests) && noWider(q.Concurrent, other.Concurrent) && noWider(q.Rows, other.Rows) && noWider(q.Bytes, other.Bytes)
}

func noWider[N int | int64](a, b N) bool { return b <= 0 || a > 0 && a <= b }

// Or fills the parts that are left out from another quota.
func (q Quota) Or(other Quota) Quota {
	if q.Requests == 0 {
		q.Requests = other.Requests
	}
	if q.Concurrent == 0 {
		q.Concurrent = other.Concurrent
	}
	if q.Rows == 0 {
		q.Rows = other.Rows
	}
	if q.Bytes == 0 {
		q.Bytes = other.Bytes
	}
	return q
}

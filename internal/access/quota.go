package access

// Quota bounds what one tenant may ask for. A part that is zero leaves the server's default; a negative one has no bound.
type Quota struct {
	Requests   int   `json:"requestsPerMinute,omitempty"`
	Concurrent int   `json:"concurrentQueries,omitempty"`
	Rows       int64 `json:"rowsPerDay,omitempty"`
	Bytes      int64 `json:"bytesPerDay,omitempty"`
}

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

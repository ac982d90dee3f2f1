package warehouse

import "strconv"

// AppendInterval writes an interval as JSON; parts that are zero are left out.
func AppendInterval(dst []byte, months, days int32, microseconds int64) []byte {
	dst = append(dst, '{')
	seconds := microseconds / 1_000_000
	for _, part := range []struct {
		name string
		n    int64
	}{{"years", int64(months / 12)}, {"months", int64(months % 12)}, {"days", int64(days)}, {"hours", seconds / 3600},
		{"minutes", seconds / 60 % 60}, {"seconds", seconds % 60}, {"milliseconds", microseconds / 1000 % 1000}} {
		if part.n == 0 {
			continue
		}
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), part.name...), '"', ':')
		dst = strconv.AppendInt(dst, part.n, 10)
	}
	return append(dst, '}')
}

// AppendBytes writes bytes as JSON, in the form that clients of the native API know.
func AppendBytes(dst, data []byte) []byte {
	dst = append(dst, `{"type":"Buffer","data":[`...)
	for n, b := range data {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(dst, int64(b), 10)
	}
	return append(dst, "]}"...)
}

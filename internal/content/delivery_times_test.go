package content_test

import (
	"testing"
	"time"

	"inlay/internal/content"
)

func TestH136_a_delivery_is_due_when_its_zone_says_so(t *testing.T) {
	none, berlin, chicago, nowhere := "", "Europe/Berlin", "America/Chicago", "Mars/X"
	for _, c := range []struct {
		cron         string
		zone         *string
		after, until string
		want         string // empty: nothing is due
	}{
		{"30 9 * * *", &berlin, "2026-07-01T07:29:00Z", "2026-07-01T07:31:00Z", "2026-07-01T07:30:00Z"}, // summer: UTC+2
		{"30 9 * * *", &berlin, "2026-12-01T08:29:00Z", "2026-12-01T08:31:00Z", "2026-12-01T08:30:00Z"}, // winter: UTC+1
		{"30 9 * * *", &berlin, "2026-12-01T08:30:00Z", "2026-12-01T08:31:00Z", ""},                     // that time was seen
		{"30 9 * * *", &chicago, "2026-12-01T15:00:00Z", "2026-12-01T15:30:00Z", "2026-12-01T15:30:00Z"},
		{"30 9 * * *", nil, "2026-12-01T08:00:00Z", "2026-12-01T10:00:00Z", "2026-12-01T08:30:00Z"},   // the project's: Berlin
		{"30 9 * * *", &none, "2026-12-01T08:00:00Z", "2026-12-01T10:00:00Z", "2026-12-01T08:30:00Z"}, // the same
		{"30 9 * * *", &nowhere, "2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z", "2026-12-01T09:30:00Z"},
		{"0 5 * * 1", &berlin, "2026-11-01T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-23T04:00:00Z"}, // of three Mondays the last
		{"0 0 29 2 *", &berlin, "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z", ""},                    // no leap year
		{"30 2 * * *", &berlin, "2026-03-29T01:00:00Z", "2026-03-29T23:00:00Z", ""},                    // the clock skips it
		{"30 2 * * *", &berlin, "2026-10-25T01:30:00Z", "2026-10-25T23:00:00Z", ""},                    // the clock repeats it
	} {
		d := content.Delivery{Cron: c.cron, Timezone: c.zone}
		after, until := moment(t, c.after), moment(t, c.until)
		at, due := d.LastDue(after, until, berlin)
		if due != (c.want != "") || due && !at.Equal(moment(t, c.want)) {
			t.Errorf("%s after %s until %s: %t %s, not %s", c.cron, c.after, c.until, due, at, c.want)
		}
	}
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

package native

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/audit"
	"inlay/internal/fault"
)

// Sizes of a page of the audit log; an export is as many pages as there are.
const (
	auditPage    = 100
	auditPageMax = 1000
)

// AuditRows are our own operations on the audit log. There is none that writes: events come from what is done.
func AuditRows(log *audit.Log) []api.Operation {
	a := auditRows{log}
	return []api.Operation{
		{ID: "listAuditEvents", Method: "GET", Path: "/api/v1/inlay/audit", Auth: api.SessionOrKey, Tag: "Operation", Endpoint: api.Handle(a.events)},
	}
}

type auditRows struct{ log *audit.Log }

type auditIn struct {
	From     *string `query:"from"`
	Until    *string `query:"until"`
	Act      *string `query:"act"`
	Who      *string `query:"who"`
	Refused  *bool   `query:"refused"`
	Before   *string `query:"before"`
	PageSize *int    `query:"pageSize" least:"1"`
	Format   *string `query:"format" enum:"json,csv,ndjson"`
}

type auditEvent struct {
	ID         string `json:"id"`
	At         moment `json:"at"`
	Who        string `json:"who"`
	Credential string `json:"credential"`
	Act        string `json:"act"`
	Target     string `json:"target"`
	Refused    bool   `json:"refused"`
}

func wireAudit(e audit.Event) auditEvent {
	return auditEvent{e.ID, moment(e.At), e.Who, e.Credential, e.Act, e.Target, e.Refused}
}

type auditPageWire struct {
	Events []auditEvent `json:"events"`
	Next   string       `json:"nextBefore,omitempty"` // of the next page; none when this is the last
}

// events answers one page as JSON, or everything that was asked for as a file.
func (a auditRows) events(ctx context.Context, who access.Principal, in auditIn) (any, error) {
	search, err := in.search()
	if err != nil {
		return nil, err
	}
	format := given(in.Format)
	if format == "csv" || format == "ndjson" {
		search.Limit = auditPageMax
	}
	found, err := a.log.Events(ctx, who, search)
	if err != nil {
		return nil, err
	}
	switch format {
	case "csv":
		return a.export(who, search, found, "text/csv; charset=utf-8", auditCSV), nil
	case "ndjson":
		return a.export(who, search, found, "application/x-ndjson", auditLines), nil
	}
	page := auditPageWire{Events: []auditEvent{}, Next: next(found, search)}
	for _, e := range found {
		page.Events = append(page.Events, wireAudit(e))
	}
	return page, nil
}

func (in auditIn) search() (audit.Search, error) {
	s := audit.Search{Act: given(in.Act), Who: given(in.Who), Refused: in.Refused != nil && *in.Refused, Before: given(in.Before), Limit: auditPage}
	if in.PageSize != nil {
		s.Limit = int64(min(*in.PageSize, auditPageMax))
	}
	for _, bound := range []struct {
		name string
		text *string
		to   *time.Time
	}{{"from", in.From, &s.From}, {"until", in.Until, &s.Until}} {
		if bound.text == nil {
			continue
		}
		t, err := time.Parse(time.RFC3339, *bound.text)
		if err != nil {
			return s, fault.New(fault.Invalid, "%s: %q is not a time like 2025-01-31T08:00:00Z", bound.name, *bound.text)
		}
		*bound.to = t
	}
	return s, nil
}

func next(page []audit.Event, s audit.Search) string {
	if len(page) == 0 || int64(len(page)) < s.Limit {
		return ""
	}
	return page[len(page)-1].ID
}

// export streams the first page and those after it. An answer that was cut off ends without its last chunk, so that no
// client takes it for the whole.
func (a auditRows) export(who access.Principal, s audit.Search, page []audit.Event, kind string, writer func(io.Writer) func([]audit.Event) error) api.Raw {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		write := writer(w)
		for {
			err := write(page)
			if s.Before = next(page, s); err == nil && s.Before == "" {
				return
			}
			if err == nil {
				page, err = a.log.Events(r.Context(), who, s)
			}
			if err != nil {
				panic(http.ErrAbortHandler)
			}
		}
	}
}

func auditLines(w io.Writer) func([]audit.Event) error {
	encoder := json.NewEncoder(w)
	return func(events []audit.Event) error {
		for _, e := range events {
			if err := encoder.Encode(wireAudit(e)); err != nil {
				return err
			}
		}
		return nil
	}
}

func auditCSV(w io.Writer) func([]audit.Event) error {
	lines := csv.NewWriter(w)
	_ = lines.Write([]string{"id", "at", "who", "credential", "act", "target", "refused"}) // kept until Flush, which says
	return func(events []audit.Event) error {
		for _, e := range events {
			err := lines.Write([]string{e.ID, e.At.Format(momentForm), e.Who, e.Credential, e.Act, harmless(e.Target), strconv.FormatBool(e.Refused)})
			if err != nil {
				return err
			}
		}
		lines.Flush()
		return lines.Error()
	}
}

// harmless keeps a spreadsheet from running a text that some caller chose.
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

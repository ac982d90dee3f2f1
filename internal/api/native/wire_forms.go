package native

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"inlay/internal/api"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// askedForm is the form of rows that a request asks for: by name, or by the first media type of Accept that is one.
func askedForm(name *string, r *http.Request) (frame.Form, bool) {
	if name != nil {
		return frame.FormNamed(*name)
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		kind, _, err := mime.ParseMediaType(part)
		for _, form := range frame.Forms() {
			if err == nil && form.ContentType == kind {
				return form, true
			}
		}
	}
	return frame.Form{}, false
}

// formAnswer streams the rows of a result in a form, under the ids of its columns. Text that a spreadsheet would run is
// made harmless in the forms that spreadsheets open.
func formAnswer(result *query.Result, form frame.Form) api.Raw {
	return func(w http.ResponseWriter, r *http.Request) {
		defer result.Rows.Close()
		picks := make([]frame.Pick, len(result.Columns))
		for i, view := range result.Views() {
			view.Label = view.ID
			picks[i] = frame.Pick{Index: i, View: view, Raw: form.Name != "csv" && form.Name != "xlsx"}
		}
		w.Header().Set("Content-Type", form.ContentType)
		w.Header().Set("Cache-Control", "private, no-store")
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "results." + form.Ending}))
		timed(w, result)
		if _, err := form.Write(r.Context(), w, result.Rows, picks); err != nil {
			panic(http.ErrAbortHandler) // the status is sent: a broken connection is the only way left to say it
		}
	}
}

// timed says in a header where rows came from, how long they took, how long they waited for their turn, and as of when
// they are.
func timed(w http.ResponseWriter, result *query.Result) {
	source := "run"
	switch {
	case result.Cache.Hit:
		source = "hit"
	case result.Cache.Shared:
		source = "shared"
	}
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	w.Header().Set("Server-Timing", fmt.Sprintf("cache;desc=%s, queue;dur=%.3f, query;dur=%.3f, asof;desc=%q", source,
		milliseconds(result.Timing.Queued), milliseconds(result.Timing.Took-result.Timing.Queued), result.Cache.AsOf.UTC().Format(time.RFC3339Nano)))
}

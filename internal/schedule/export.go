package schedule

import (
	"context"
	"io"
	"slices"
	"strings"
	"unicode"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/metric"
	"inlay/internal/query"
)

// CSV is an export of a query's rows. Whoever asks has been checked for it.
type CSV struct {
	Request    query.Request // its purpose and limit are set here
	Raw        bool
	Limit      *int // nil: the query's own; negative: all rows
	TableNames bool // headers are "table label"
	Labels     map[string]string
	Order      []string
	Hidden     []string
	Name       string // of the file
	Form       string // its name, see frame.Forms; empty is CSV
}

// ExportCSV writes the rows to a file in the background, and gives the task's id.
func (s *Service) ExportCSV(ctx context.Context, who access.Principal, door query.Door, e CSV) (string, error) {
	return s.Start(ctx, who, e.Request.Project, "downloadCsv", func(ctx context.Context, _ string) (map[string]any, error) {
		details := map[string]any{"createdByUserUuid": owner(who)}
		url, truncated, err := s.writeCSV(ctx, who, door, e)
		if err != nil {
			return details, err
		}
		details["fileUrl"], details["truncated"] = url, truncated
		return details, nil
	})
}

func (s *Service) writeCSV(ctx context.Context, who access.Principal, door query.Door, e CSV) (url string, truncated bool, err error) {
	form, err := formOf(e.Form)
	if err != nil {
		return "", false, err
	}
	url, err = s.keepExport(ctx, who, e.Request.Project, e.Name, form, func(w io.Writer) error {
		cells, err := e.write(ctx, who, door, form, w)
		truncated = cells.n > 0 && cells.n >= s.options.Cells-cells.columns // where the door may have cut it
		return err
	})
	return url, truncated, err
}

// cells says how many cells were written, and in how many columns.
type cells struct{ n, columns int }

// write runs the query and writes its rows.
func (e CSV) write(ctx context.Context, who access.Principal, door query.Door, form frame.Form, w io.Writer) (cells, error) {
	e.Request.Purpose, e.Request.CSVLimit = query.Export, e.Limit
	result, err := door.Run(ctx, who, e.Request)
	if err != nil {
		return cells{}, err
	}
	defer result.Rows.Close()
	count, err := form.Write(ctx, w, result.Rows, e.picks(result))
	return cells{count * len(result.Columns), len(result.Columns)}, err
}

func formOf(name string) (frame.Form, error) {
	form, ok := frame.FormNamed(name)
	if !ok {
		return form, fault.Coded(fault.Invalid, "Parameter", "There is no form of files %q", name)
	}
	return form, nil
}

// keepExport writes a file whose name says when it was made.
func (s *Service) keepExport(ctx context.Context, who access.Principal, project, name string, form frame.Form, write func(w io.Writer) error) (string, error) {
	token, err := s.Keep(ctx, who, project, s.fileName(name, form), form.ContentType, write)
	if err != nil {
		return "", err
	}
	return s.options.SiteURL + "/api/v1/projects/" + project + "/csv/" + token, nil
}

func (s *Service) fileName(name string, form frame.Form) string {
	at := s.options.Now().UTC()
	return form.Ending + "-" + plainName(name) + "-" + strings.ReplaceAll(at.Format("2006-01-02-15-04-05.000"), ".", "-") + "." + form.Ending
}

// plainName keeps what is safe in the name of a file anywhere.
func plainName(name string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			return unicode.ToLower(r)
		case r == '_' || r == '-' || r == ' ':
			return '_'
		}
		return -1
	}, name)
	if safe == "" {
		return "export"
	}
	return safe[:min(len(safe), 80)]
}

// picks are the file's columns: the selected fields that aren't hidden, in the given order; those that it doesn't name
// come first.
func (e CSV) picks(result *query.Result) []frame.Pick {
	views := result.Views()
	var picks []frame.Pick
	for i, id := range result.Columns {
		field, selected := result.Fields[id]
		if !selected || slices.Contains(e.Hidden, id) {
			continue
		}
		view := views[i]
		view.Label = e.header(id, field, view.Label)
		picks = append(picks, frame.Pick{Index: i, View: view, Raw: e.Raw})
	}
	slices.SortStableFunc(picks, func(a, b frame.Pick) int {
		return slices.Index(e.Order, a.View.ID) - slices.Index(e.Order, b.View.ID)
	})
	return picks
}

func (e CSV) header(id string, f metric.Field, label string) string {
	if custom, ok := e.Labels[id]; ok && custom != "" {
		return custom
	}
	switch {
	case !e.TableNames:
	case f.Dimension != nil:
		return f.Dimension.TableLabel + " " + label
	case f.Metric != nil:
		return f.Metric.TableLabel + " " + label
	}
	if label == "" {
		return id
	}
	return label
}

// SQLExport is an export of the rows of SQL. Whoever asks has been checked for it.
type SQLExport struct {
	query.Statement
	Labels map[string]string
	Form   string // its name, see frame.Forms; empty is CSV
}

// ExportSQL is SQLCSV in the background; it gives the task's id.
func (s *Service) ExportSQL(ctx context.Context, who access.Principal, door query.Door, e SQLExport) (string, error) {
	return s.startExport(ctx, who, e.Project, func(ctx context.Context) (string, error) { return s.SQLCSV(ctx, who, door, e) })
}

// ExportLines writes the rows of a ready query to a file of one JSON object a line, in the background.
func (s *Service) ExportLines(ctx context.Context, who access.Principal, q Query) (string, error) {
	lines, err := formOf("jsonl")
	if err != nil {
		return "", err
	}
	return s.startExport(ctx, who, q.Project, func(ctx context.Context) (string, error) {
		return s.keepExport(ctx, who, q.Project, q.Ask.Request.Explore, lines, func(w io.Writer) error { return s.WriteRaw(ctx, q, w) })
	})
}

func (s *Service) startExport(ctx context.Context, who access.Principal, project string, write func(context.Context) (string, error)) (string, error) {
	return s.Start(ctx, who, project, "downloadCsv", func(ctx context.Context, _ string) (map[string]any, error) {
		details := map[string]any{"createdByUserUuid": owner(who)}
		url, err := write(ctx)
		if err == nil {
			details["fileUrl"], details["truncated"] = url, false
		}
		return details, err
	})
}

// SQLCSV writes the rows of SQL to a file at once, and gives its address.
func (s *Service) SQLCSV(ctx context.Context, who access.Principal, door query.Door, e SQLExport) (string, error) {
	form, err := formOf(e.Form)
	if err != nil {
		return "", err
	}
	return s.keepExport(ctx, who, e.Project, "sql runner", form, func(w io.Writer) error { return e.write(ctx, who, door, form, w) })
}

// write runs the SQL and writes its rows.
func (e SQLExport) write(ctx context.Context, who access.Principal, door query.Door, form frame.Form, w io.Writer) error {
	result, err := door.RunSQL(ctx, who, e.Statement)
	if err != nil {
		return err
	}
	defer result.Rows.Close()
	picks := make([]frame.Pick, len(result.Columns))
	for i, name := range result.Columns {
		picks[i] = frame.Pick{Index: i, View: frame.View{ID: name, Label: name, Format: frame.Format{Style: frame.Text}}}
		if label, ok := e.Labels[name]; ok {
			picks[i].View.Label = label
		}
		switch query.TypeOf(result.Rows.Fields()[i]) {
		case "date":
			picks[i].View.Format.Style = frame.Day
		case "timestamp":
			picks[i].View.Format.Style = frame.Moment
		}
	}
	_, err = form.Write(ctx, w, result.Rows, picks)
	return err
}

package schedule

import (
	"context"
	"io"

	"inlay/internal/access"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// SQLRun is text to run in the background. Whoever asks has been checked for it.
type SQLRun struct {
	Project, SQL string
	Limit        int           // negative is none
	Purpose      query.Purpose // SQLRunner for text of the one who asks; Chart for saved text
}

// resultType is the form of result files: one JSON object a line.
const resultType = "application/json"

// RunSQL writes the rows to a file of one object a line, and gives the task's id.
func (s *Service) RunSQL(ctx context.Context, who access.Principal, door query.Door, r SQLRun) (string, error) {
	return s.Start(ctx, who, r.Project, "sqlRunner", func(ctx context.Context, _ string) (map[string]any, error) {
		details := map[string]any{"createdByUserUuid": owner(who)}
		result, err := door.RunSQL(ctx, who, r.Project, r.SQL, r.Limit, r.Purpose)
		if err != nil {
			return details, err
		}
		defer result.Rows.Close()
		columns := []map[string]string{}
		for _, field := range result.Rows.Fields() {
			columns = append(columns, map[string]string{"reference": field.Name, "type": query.TypeOf(field)})
		}
		url, err := s.keepRows(ctx, who, r.Project, func(w io.Writer) error {
			return writeLines(ctx, w, result.Rows)
		})
		if err != nil {
			return details, err
		}
		details["columns"], details["fileUrl"] = columns, url
		return details, nil
	})
}

func writeLines(ctx context.Context, w io.Writer, rows frame.Reader) error {
	counted := &counter{Writer: w}
	if err := frame.WriteObjects(ctx, counted, rows, "\n"); err != nil || counted.n == 0 {
		return err
	}
	_, err := w.Write([]byte("\n"))
	return err
}

type counter struct {
	io.Writer
	n int
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += len(p)
	return c.Writer.Write(p)
}

func (s *Service) keepRows(ctx context.Context, who access.Principal, project string, write func(w io.Writer) error) (string, error) {
	token, err := s.Keep(ctx, who, project, "results.jsonl", resultType, write)
	if err != nil {
		return "", err
	}
	return s.options.SiteURL + "/api/v1/projects/" + project + "/sqlRunner/results/" + token, nil
}

// Pivoter runs pivots; the door of queries is one.
type Pivoter interface {
	RunPivot(ctx context.Context, who access.Principal, project, sql string, p query.Pivot, purpose query.Purpose) (*query.Pivoted, error)
}

// RunPivot writes a pivot to a file of one object a line, and gives the task's id. index describes the index column
// for the one who asked.
func (s *Service) RunPivot(ctx context.Context, who access.Principal, door Pivoter, r SQLRun, p query.Pivot, index any) (string, error) {
	return s.Start(ctx, who, r.Project, "sqlRunnerPivotQuery", func(ctx context.Context, _ string) (map[string]any, error) {
		details := map[string]any{"createdByUserUuid": owner(who)}
		pivoted, err := door.RunPivot(ctx, who, r.Project, r.SQL, p, r.Purpose)
		if err != nil {
			return details, err
		}
		url, err := s.keepRows(ctx, who, r.Project, func(w io.Writer) error { return writePivot(w, p.Index, pivoted) })
		if err != nil {
			return details, err
		}
		details["fileUrl"], details["indexColumn"], details["valuesColumns"] = url, index, pivoted.Columns
		return details, nil
	})
}

func writePivot(w io.Writer, index string, p *query.Pivoted) error {
	var line []byte
	for _, row := range p.Rows {
		line = append(append(frame.AppendQuoted(append(line[:0], '{'), index), ':'), row[index]...)
		for _, name := range p.Columns {
			if value, ok := row[name]; ok {
				line = append(append(frame.AppendQuoted(append(line, ','), name), ':'), value...)
			}
		}
		if _, err := w.Write(append(line, "}\n"...)); err != nil {
			return err
		}
	}
	return nil
}

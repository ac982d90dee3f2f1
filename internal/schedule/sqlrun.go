package schedule

import (
	"context"
	"io"
	"slices"

	"inlay/internal/access"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// resultType is the form of result files: one JSON object a line.
const resultType = "application/json"

// RunSQL writes the rows to a file of one object a line, and gives the task's id. Whoever asks has been checked for it.
func (s *Service) RunSQL(ctx context.Context, who access.Principal, door query.Door, st query.Statement) (string, error) {
	return s.Start(ctx, who, st.Project, "sqlRunner", func(ctx context.Context, _ string) (map[string]any, error) {
		details := map[string]any{"createdByUserUuid": owner(who)}
		result, err := door.RunSQL(ctx, who, st)
		if err != nil {
			return details, err
		}
		defer result.Rows.Close()
		columns := []map[string]string{}
		for _, field := range result.Rows.Fields() {
			columns = append(columns, map[string]string{"reference": field.Name, "type": query.TypeOf(field)})
		}
		url, err := s.keepRows(ctx, who, st.Project, func(w io.Writer) error {
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

// RunPivot writes a pivot to a file of one object a line, and gives the task's id. index describes the index column
// for the one who asked, whose statement has a pivot by one.
func (s *Service) RunPivot(ctx context.Context, who access.Principal, door query.Door, st query.Statement, index any) (string, error) {
	return s.Start(ctx, who, st.Project, "sqlRunnerPivotQuery", func(ctx context.Context, _ string) (map[string]any, error) {
		details := map[string]any{"createdByUserUuid": owner(who)}
		result, err := door.RunSQL(ctx, who, st)
		if err != nil {
			return details, err
		}
		defer result.Rows.Close()
		names := pivotNames(result.Pivot)
		url, err := s.keepRows(ctx, who, st.Project, func(w io.Writer) error {
			return writePivot(ctx, w, result.Rows, append(slices.Clone(result.Pivot.Index), names...), len(result.Pivot.Groups) > 0)
		})
		if err != nil {
			return details, err
		}
		byAge := make([]string, len(names))
		for i, column := range result.Pivot.Columns {
			byAge[column.Seen] = names[i]
		}
		details["fileUrl"], details["indexColumn"], details["valuesColumns"] = url, index, byAge
		return details, nil
	})
}

// pivotNames are the names of a pivot's columns in this file: by their groups' values, or by the aggregation when
// there are none.
func pivotNames(p *query.Pivoted) []string {
	names := make([]string, len(p.Columns))
	for i, column := range p.Columns {
		names[i] = column.Name
		if len(column.Groups) > 0 {
			names[i] = column.Value.Column
		}
		for _, group := range column.Groups {
			names[i] += "_" + group.Text()
		}
	}
	return names
}

// writePivot writes a line a row. Where there are gaps, a column that a row has nothing for is left out of its line.
func writePivot(ctx context.Context, w io.Writer, rows frame.Reader, names []string, gaps bool) error {
	var out []byte
	return frame.Each(ctx, rows, func(batch *frame.Batch) error {
		for i := range batch.Rows {
			out = append(out[:0], '{')
			for n, name := range names {
				if column := &batch.Columns[n]; n == 0 || !gaps || !column.Null(i) {
					if len(out) > 1 {
						out = append(out, ',')
					}
					out = frame.AppendRaw(append(frame.AppendQuoted(out, name), ':'), column, i, false)
				}
			}
			if _, err := w.Write(append(out, "}\n"...)); err != nil {
				return err
			}
		}
		return nil
	})
}

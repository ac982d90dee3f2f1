package schedule

import (
	"archive/zip"
	"context"
	"fmt"
	"io"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// Part is one table of several that are exported together: the rows of a query or those of SQL.
type Part struct {
	Name string
	CSV  *CSV
	SQL  *SQLExport
}

// write runs the part and writes its rows.
func (p Part) write(ctx context.Context, who access.Principal, door query.Door, form frame.Form, w io.Writer) error {
	var err error
	if p.SQL != nil {
		err = p.SQL.write(ctx, who, door, form, w)
	} else {
		_, err = p.CSV.write(ctx, who, door, form, w)
	}
	if err != nil {
		return fmt.Errorf("schedule.Part %q: %w", p.Name, err)
	}
	return nil
}

var zipFile = frame.Form{Ending: "zip", ContentType: "application/zip"}

// ExportZip writes the parts as CSV files of one archive in the background, and gives the task's id. Only who can fetch
// the archive. One table is read at a time, and no more of it than a batch is held.
func (s *Service) ExportZip(ctx context.Context, who access.Principal, door query.Door, project, name string, parts []Part) (string, error) {
	csv, err := formOf("csv")
	if err != nil {
		return "", err
	}
	return s.startExport(ctx, who, project, func(ctx context.Context) (string, error) {
		token, err := s.Keep(ctx, who, project, s.fileName(name, zipFile), zipFile.ContentType, func(w io.Writer) error {
			archive := zip.NewWriter(w)
			for i, part := range parts {
				entry, err := archive.Create(fmt.Sprintf("%02d-%s.csv", i+1, plainName(part.Name)))
				if err == nil {
					err = part.write(ctx, who, door, csv, entry)
				}
				if err != nil {
					return err
				}
			}
			return archive.Close()
		})
		return s.options.SiteURL + "/api/v1/projects/" + project + "/exports/" + token, err
	})
}

// KeepPart writes one part to a file of its own, in the form of a name, which only who can fetch.
func (s *Service) KeepPart(ctx context.Context, who access.Principal, door query.Door, part Part, name string) (Kept, error) {
	form, err := formOf(name)
	if err != nil {
		return Kept{}, err
	}
	file := plainName(part.Name) + "." + form.Ending
	token, err := s.Keep(ctx, who, part.project(), file, form.ContentType, func(w io.Writer) error {
		return part.write(ctx, who, door, form, w)
	})
	return Kept{Project: part.project(), Token: token, Name: file, ContentType: form.ContentType}, err
}

func (p Part) project() string {
	if p.SQL != nil {
		return p.SQL.Project
	}
	return p.CSV.Request.Project
}

// Kept is a file that was made.
type Kept struct{ Project, Token, Name, ContentType string }

// OpenKept opens a file that was made. Faults: NotFound, when it has expired.
func (s *Service) OpenKept(ctx context.Context, k Kept) (*File, error) {
	f, err := s.Open(ctx, k.Project, k.Token)
	if err != nil {
		return nil, fault.New(fault.NotFound, "The file %s has expired", k.Name)
	}
	return f, nil
}

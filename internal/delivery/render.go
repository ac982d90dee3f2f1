package delivery

import (
	"context"
	"encoding/json"

	"inlay/internal/access"
	"inlay/internal/content"
	"inlay/internal/fault"
	"inlay/internal/schedule"
)

// made is a file that was made, with what it was made of.
type made struct {
	schedule.Kept
	part schedule.Part
}

// options are those of a table's file. limit is "table", "all" or a number of rows.
type options struct {
	Formatted bool `json:"formatted"`
	Limit     any  `json:"limit"`
}

// render makes the files of a delivery with somebody's rights.
func (s *Service) render(ctx context.Context, who access.Principal, d content.Delivery) ([]made, error) {
	parts, err := s.parts(ctx, who, d)
	if err != nil {
		return nil, err
	}
	files := make([]made, len(parts))
	for i, part := range parts {
		kept, err := s.Tasks.KeepPart(ctx, who, s.Door, part, fileForm(d.Details.Format))
		if err != nil {
			return nil, err
		}
		files[i] = made{kept, part}
	}
	return files, nil
}

// parts says what the files of a delivery hold for somebody. Faults: NotFound, Forbidden, Unavailable.
func (s *Service) parts(ctx context.Context, who access.Principal, d content.Delivery) ([]schedule.Part, error) {
	switch d.Details.Format {
	case "csv", "xlsx":
	case "image":
		return nil, fault.New(fault.Unavailable, "No browser is connected to this server, so no picture could be made")
	case "gsheets":
		return nil, fault.New(fault.Unavailable, "Google Sheets is not set up on this server")
	default:
		return nil, fault.New(fault.Invalid, "format %q isn't known", d.Details.Format)
	}
	if d.Dashboard == "" {
		e, err := s.Content.ExportOfChart(ctx, who, content.Run{Chart: d.Chart})
		return []schedule.Part{withOptions(d.Details, e, e.Name)}, err
	}
	board := content.BoardExport{Dashboard: d.Dashboard, Filters: d.Details.DashboardFilters()}
	_ = json.Unmarshal(d.Details.SelectedTabs, &board.Tabs) // without a list, all tabs are meant
	_, parts, err := s.Content.Exports(ctx, who, board)
	for i, part := range parts {
		if part.CSV != nil {
			parts[i] = withOptions(d.Details, *part.CSV, part.Name)
		}
	}
	return parts, err
}

func withOptions(details content.DeliveryDetails, e schedule.CSV, name string) schedule.Part {
	var o options
	_ = json.Unmarshal(details.Options, &o) // without options, rows are as stored and as many as the chart has
	e.Raw = !o.Formatted
	switch limit := o.Limit.(type) {
	case float64:
		rows := int(limit)
		e.Limit = &rows
	case string:
		if limit == "all" {
			all := -1
			e.Limit = &all
		}
	}
	return schedule.Part{Name: name, CSV: &e}
}

// filesFor are the files that a target gets. An address that belongs to nobody here gets what the owner sees. Somebody
// with an account gets the same if they would see the same, or could read everything anyway; otherwise what they see
// themselves: a delivery shows nobody rows that are kept from them. Faults: Forbidden, when they may see none of it.
func (s *Service) filesFor(ctx context.Context, to entry, d content.Delivery, owner access.Principal, owned []made) ([]File, error) {
	if to.kind != "email" {
		return s.files(owned), nil
	}
	user, known, err := s.People.Holder(ctx, d.Organization, to.target)
	if err != nil || !known {
		return s.files(owned), err
	}
	reader, err := s.People.PrincipalOf(ctx, d.Organization, user)
	if err != nil {
		return nil, err
	}
	parts, err := s.parts(ctx, reader, d)
	if fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.Forbidden, "They may not see it, so nothing was sent to them")
	}
	if err != nil {
		return nil, err
	}
	same, err := s.alike(ctx, owner, reader, owned, parts)
	if err != nil || same {
		return s.files(owned), err
	}
	theirs, err := s.render(ctx, reader, d)
	return s.files(theirs), err
}

// alike tells whether one may be shown what was made for another.
func (s *Service) alike(ctx context.Context, owner, reader access.Principal, owned []made, parts []schedule.Part) (bool, error) {
	if owner.User == reader.User {
		return true, nil
	}
	if len(owned) != len(parts) {
		return false, nil
	}
	project := access.Thing{Subject: access.CustomSQL, Organization: reader.Organization, Project: owned[0].Project}
	if access.Can(reader, access.Manage, project) {
		return true, nil
	}
	for i, part := range parts {
		if part.CSV == nil { // what SQL gives depends on who runs it in ways that its text doesn't show
			return false, nil
		}
		one, err := s.Door.Compile(ctx, owner, owned[i].part.CSV.Request)
		if err != nil {
			return false, err
		}
		other, err := s.Door.Compile(ctx, reader, part.CSV.Request)
		if err != nil || one.SQL != other.SQL {
			return false, err
		}
	}
	return true, nil
}

func (s *Service) files(all []made) []File {
	files := make([]File, len(all))
	for i, f := range all {
		files[i] = File{Name: f.Name, ContentType: f.ContentType, Open: func(ctx context.Context) (*schedule.File, error) {
			return s.Tasks.OpenKept(ctx, f.Kept)
		}}
	}
	return files
}

// fileForm is the form of a delivery's files: a workbook where it asks for one, else CSV.
func fileForm(format string) string {
	if format == "xlsx" {
		return format
	}
	return "csv"
}

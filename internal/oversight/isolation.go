package oversight

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"reflect"
	"slices"
	"strconv"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/query"
)

// Comparison is what two tenants get of one saved chart. It holds counts and hashes, never values.
type Comparison struct {
	Chart, Name, Explore string
	A, B                 Side
	Common               int      // distinct rows that both get
	Unconfined           []string // tables that the chart reads and that tell the two apart by nothing, with the reason
}

// Suspect tells whether a reviewer should look at the chart: both tenants get rows that are the same, and a table stands
// open that could be why. Equal rows of tables that are confined to each are chance: two shops may sell three hats each.
func (c Comparison) Suspect() bool { return c.Common > 0 && len(c.Unconfined) > 0 }

// Side is what one tenant gets.
type Side struct {
	Rows   int
	Digest string // of the set of rows
	Failed string // why there are none
}

// CheckIsolation runs every saved chart of a project as two tenants. Faults: Forbidden, NotFound.
func (s *Service) CheckIsolation(ctx context.Context, asker access.Principal, project string, a, b Viewer) ([]Comparison, error) {
	if err := administers(asker); err != nil {
		return nil, err
	}
	var eyes [2]access.Principal
	for i, v := range []Viewer{a, b} {
		var err error
		if eyes[i], err = s.viewer(ctx, asker, v, project); err != nil {
			return nil, err
		}
	}
	found, err := s.Projects.Project(ctx, project)
	if err != nil || found.Organization != asker.Organization {
		return nil, fault.New(fault.NotFound, "There is no such project")
	}
	charts, err := s.Charts.Charts(ctx, project)
	if err != nil {
		return nil, err
	}
	comparisons := []Comparison{}
	for _, chart := range charts {
		c := Comparison{Chart: chart.UUID, Name: chart.Name, Explore: chart.Explore}
		r := query.Request{Project: project, Explore: chart.Explore, Query: chart.Query, Purpose: query.Chart, Saved: true}
		if err := s.compare(ctx, asker, eyes, r, &c); err != nil {
			return nil, err
		}
		comparisons = append(comparisons, c)
	}
	return comparisons, nil
}

func (s *Service) compare(ctx context.Context, asker access.Principal, eyes [2]access.Principal, r query.Request, c *Comparison) error {
	sides, sets, why := []*Side{&c.A, &c.B}, [2]rowSet{}, [2]*query.Explanation{}
	for i := range eyes {
		var err error
		if sets[i], err = s.rowsOf(ctx, eyes[i], r); err == nil {
			why[i], err = s.Door.Explain(ctx, asker, eyes[i], r)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			sides[i].Failed = fault.As(err).Message
		}
		sides[i].Rows, sides[i].Digest = sets[i].count, sets[i].digest()
	}
	for row := range sets[0].rows {
		if _, both := sets[1].rows[row]; both {
			c.Common++
		}
	}
	if why[0] != nil && why[1] != nil {
		c.Unconfined = unconfined(why[0].Tables, why[1].Tables)
	}
	return nil
}

// unconfined names the tables whose decision is the same for both.
func unconfined(a, b []query.TableExplanation) []string {
	var names []string
	for _, table := range a {
		i := slices.IndexFunc(b, func(other query.TableExplanation) bool { return other.Alias == table.Alias })
		if i < 0 || !reflect.DeepEqual(table.Conditions, b[i].Conditions) {
			continue
		}
		names = append(names, table.Alias+": "+table.Reason)
	}
	return names
}

// rowSet is the distinct rows of a result by their hashes; rows without any value tell nothing and are left out.
type rowSet struct {
	count int
	rows  map[[16]byte]struct{}
}

func (s *Service) rowsOf(ctx context.Context, eyes access.Principal, r query.Request) (rowSet, error) {
	set := rowSet{rows: map[[16]byte]struct{}{}}
	result, err := s.Door.Run(ctx, eyes, r)
	if err != nil {
		return set, err
	}
	defer result.Rows.Close()
	for {
		batch, err := result.Rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return set, nil
		}
		if err != nil {
			return set, err
		}
		set.count += batch.Rows
		for i := range batch.Rows {
			if hash, ok := rowHash(batch, i); ok {
				set.rows[hash] = struct{}{}
			}
		}
	}
}

func rowHash(b *frame.Batch, i int) ([16]byte, bool) {
	var text []byte
	filled := false
	for n := range b.Columns {
		c := &b.Columns[n]
		if c.Null(i) {
			text = append(text, 'n')
			continue
		}
		filled = true
		text = append(text, 'v')
		switch c.Kind {
		case frame.Int, frame.Date, frame.Timestamp:
			text = strconv.AppendInt(text, c.Ints[i], 10)
		case frame.Float:
			text = strconv.AppendFloat(text, c.Floats[i], 'g', -1, 64)
		case frame.Bool:
			text = strconv.AppendBool(text, c.Bools[i])
		default:
			text = strconv.AppendQuote(text, c.Strings[i])
		}
	}
	sum := sha256.Sum256(text)
	return [16]byte(sum[:16]), filled
}

// digest is the same for the same rows in any order.
func (s rowSet) digest() string {
	var all [16]byte
	for row := range s.rows {
		for i := range all {
			all[i] ^= row[i]
		}
	}
	return hex.EncodeToString(all[:])
}

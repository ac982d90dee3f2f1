package content

import (
	"cmp"
	"context"
	"hash/fnv"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/project"
	"inlay/internal/store"
)

// shelf is what lists and searches show of a project's content. It never changes: a newer one takes its place.
type shelf struct {
	mark         store.Mark
	name         string
	organization string
	entries      []*entry // the last changed first
	slots        []slot   // of the entries
	rooms        []*entry // the spaces, as searches look at them
	roomAt       map[string]int
	rows         map[string]spaceRow // of the spaces
	given        map[string]grants
	people       map[string]Person
	broken       map[string][]project.ValidationSummary
	index        *index
	size         int // bytes, about
}

// entry is a chart, a SQL chart or a dashboard; for searches, also a space.
type entry struct {
	Table       string     `bun:"-"` // charts, sql_charts, dashboards or spaces
	UUID        string     `bun:"uuid"`
	Space       string     `bun:"space_uuid"`
	Dashboard   *string    `bun:"dashboard_uuid"`
	Slug        string     `bun:"slug"`
	Name        string     `bun:"name"`
	Description *string    `bun:"description"`
	Kind        *string    `bun:"chart_kind"`
	CreatedBy   *string    `bun:"created_by"`
	CreatedAt   time.Time  `bun:"created_at"`
	UpdatedBy   *string    `bun:"updated_by"`
	UpdatedAt   time.Time  `bun:"updated_at"`
	PinList     *string    `bun:"pin_list"`
	Views       int64      `bun:"views"`
	FirstViewed *time.Time `bun:"first_viewed_at"`

	words words
	space *Space // of a space, itself without what anybody has in it
}

// slot is what decides about listing an entry, apart from it: thousands are looked at for a page.
type slot struct {
	room      int32
	dashboard bool
	belongs   bool // to a dashboard, which is listed in its place
}

// room finds the room of a space; what is none stands behind the last.
func (held *shelf) room(space string) int {
	if at, ok := held.roomAt[space]; ok {
		return at
	}
	return len(held.rooms)
}

// later orders entries as lists do.
func later(a, b *entry) int {
	return cmp.Or(b.UpdatedAt.Compare(a.UpdatedAt), cmp.Compare(a.UUID, b.UUID))
}

// shelvesKept is how much memory shelves may take, about. One for 12,000 things takes 10 MB.
const shelvesKept = 128 << 20

// shelves keep what projects show that were asked for last.
type shelves struct {
	changes store.Changes
	kept    *otter.Cache[string, *shelf]
	loading *[16]sync.Mutex // held by who brings a shelf up to date, of projects with one hash
}

func newShelves(db *store.DB) shelves {
	return shelves{changes: db.Changes(), loading: new([16]sync.Mutex), kept: otter.Must(&otter.Options[string, *shelf]{
		MaximumWeight: shelvesKept, Weigher: func(_ string, held *shelf) uint32 { return uint32(min(held.size, math.MaxUint32)) }})}
}

// alone keeps others from bringing a project's shelf up to date at the same time, until what it gives is called.
func (v shelves) alone(project string) (done func()) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(project)) // it never fails
	lock := &v.loading[h.Sum32()%uint32(len(v.loading))]
	lock.Lock()
	return lock.Unlock
}

// shelf gives a project's shelf as it is now: nothing that was committed before is missing. Faults: those of loading the
// project, for somebody who may not.
func (s *Service) shelf(ctx context.Context, who access.Principal, project string) (*shelf, error) {
	mark, err := s.shelves.changes.Mark(ctx, project)
	if err != nil {
		return nil, err
	}
	if held, ok := s.shelves.kept.GetIfPresent(project); ok && held.mark.Reaches(mark) {
		return held, nil
	}
	defer s.shelves.alone(project)()
	held, _ := s.shelves.kept.GetIfPresent(project)
	for range 10 {
		if held != nil && held.mark.Reaches(mark) {
			s.shelves.kept.Set(project, held)
			return held, nil
		}
		if held, err = s.newer(ctx, who, project, held, mark); err != nil {
			return nil, err
		}
		// What was read in several statements is of one moment only if nothing changed meanwhile.
		if mark, err = s.shelves.changes.Mark(ctx, project); err != nil {
			return nil, err
		}
	}
	return nil, fault.New(fault.Unavailable, "The project's content is changing too fast to be listed. Try again.")
}

// newer gives a shelf that a mark is reached by, made of an older one if what changed since is known.
func (s *Service) newer(ctx context.Context, who access.Principal, project string, held *shelf, mark store.Mark) (*shelf, error) {
	if held == nil {
		return s.stock(ctx, who, project, mark)
	}
	changed, known, err := s.shelves.changes.Between(ctx, project, held.mark, mark)
	if err != nil {
		return nil, err
	}
	if !known {
		return s.stock(ctx, who, project, mark)
	}
	return s.restock(ctx, who, project, *held, mark, changed)
}

// stock reads all content of a project.
func (s *Service) stock(ctx context.Context, who access.Principal, project string, mark store.Mark) (*shelf, error) {
	held := shelf{mark: mark}
	var err error
	if err = s.label(ctx, who, project, &held); err != nil {
		return nil, err
	}
	if held.entries, err = s.entriesOf(ctx, project, nil); err != nil {
		return nil, err
	}
	if err := s.stockSpaces(ctx, project, &held, nil); err != nil {
		return nil, err
	}
	if held.broken, err = s.projects.FindingsOf(ctx, project); err != nil {
		return nil, err
	}
	return s.finish(ctx, held)
}

// label says whose shelf it is.
func (s *Service) label(ctx context.Context, who access.Principal, project string, held *shelf) error {
	p, err := s.projects.Get(ctx, who, project)
	held.name, held.organization = p.Name, p.Organization
	return err
}

// restock replaces what changed.
func (s *Service) restock(ctx context.Context, who access.Principal, project string, held shelf, mark store.Mark, changed []store.Change) (*shelf, error) {
	held.mark = mark
	things, spaces := map[string]bool{}, map[string]bool{}
	for _, c := range changed {
		switch c.Kind {
		case "projects":
			if err := s.label(ctx, who, project, &held); err != nil {
				return nil, err
			}
		case "charts", "sql_charts", "dashboards", "pinned_items":
			things[c.Item] = true
		case "spaces", "space_users", "space_groups":
			spaces[c.Item] = true
		case "validations":
			held.broken = nil
		}
	}
	if len(things) > 0 {
		fresh, err := s.entriesOf(ctx, project, things)
		if err != nil {
			return nil, err
		}
		held.entries = restocked(held.entries, things, fresh)
	}
	if len(spaces) > 0 {
		if err := s.stockSpaces(ctx, project, &held, spaces); err != nil {
			return nil, err
		}
	}
	if held.broken == nil {
		var err error
		if held.broken, err = s.projects.FindingsOf(ctx, project); err != nil {
			return nil, err
		}
	}
	return s.finish(ctx, held)
}

// restocked gives entries without those that went, and with fresh ones in their order.
func restocked(entries []*entry, gone map[string]bool, fresh []*entry) []*entry {
	all := make([]*entry, 0, len(entries)+len(fresh))
	for _, e := range entries {
		if gone[e.UUID] {
			continue
		}
		for len(fresh) > 0 && later(fresh[0], e) < 0 {
			all, fresh = append(all, fresh[0]), fresh[1:]
		}
		all = append(all, e)
	}
	return append(all, fresh...)
}

// finish reads the names of the people that the entries speak of, and weighs the shelf.
func (s *Service) finish(ctx context.Context, held shelf) (*shelf, error) {
	users := map[string]bool{}
	held.index, held.size, held.slots = &index{}, 0, make([]slot, len(held.entries))
	for i, e := range held.entries {
		held.slots[i] = slot{int32(held.room(e.Space)), e.Table == "dashboards", e.Dashboard != nil}
		held.size += e.size()
		for _, user := range []*string{e.CreatedBy, e.UpdatedBy} {
			if user != nil {
				users[*user] = true
			}
		}
	}
	for _, row := range held.rows {
		held.size += 1500 + len(row.Name) + len(row.Slug) + 100*(len(held.given[row.UUID].Users)+len(held.given[row.UUID].Groups))
	}
	ids := make([]string, 0, len(users))
	for id := range users {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		return &held, nil
	}
	var err error
	held.people, err = s.people.People(ctx, ids)
	return &held, err
}

// size is what an entry takes, about: twice its texts, which it holds for searches again.
func (e *entry) size() int { return 600 + 2*(len(e.Name)+len(text(e.Description))) + len(e.Slug) }

package schedule

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
)

// clock is a time that tests move.
// clock stands still until a test moves it; tasks ask it from goroutines of their own.
type clock struct {
	mutex sync.Mutex
	at    time.Time
}

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.at = c.at.Add(d)
}

// each runs a test over each kind of metadata.
func each(t *testing.T, f func(t *testing.T, s *Service, c *clock)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := &clock{at: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
		s := New(db, Options{Files: t.TempDir(), SiteURL: "http://site", Now: c.now})
		t.Cleanup(s.Close)
		f(t, s, c)
	})
}

var ann = access.Principal{Kind: access.User, Organization: "org", User: "ann"}

// ended waits for a task to end.
func ended(t *testing.T, s *Service, id string) Task {
	t.Helper()
	for range 500 {
		task, err := s.Task(t.Context(), ann, id)
		if err != nil {
			t.Fatal(err)
		}
		if task.Status == Completed || task.Status == Failed {
			return task
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("the task doesn't end")
	return Task{}
}

func TestATaskTellsHowItEnded(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock) {
		for name, c := range map[string]struct {
			work   func(context.Context, string) (map[string]any, error)
			status Status
			key    string
			want   any
		}{
			"done": {func(context.Context, string) (map[string]any, error) { return map[string]any{"a": "b"}, nil }, Completed, "a", "b"},
			"a_fault": {func(context.Context, string) (map[string]any, error) {
				return nil, fault.New(fault.Invalid, "No such field")
			}, Failed, "error", "No such field"},
			"H140_a_defect": {func(context.Context, string) (map[string]any, error) { return nil, errors.New("password=x") }, Failed, "error", "Something went wrong."},
			"H130_a_panic":  {func(context.Context, string) (map[string]any, error) { panic("broken") }, Failed, "error", "Something went wrong."},
			"its_own_id_known": {func(_ context.Context, id string) (map[string]any, error) {
				return map[string]any{"known": id != ""}, nil
			}, Completed, "known", true},
		} {
			id, err := s.Start(t.Context(), ann, "project", "test", c.work)
			if err != nil {
				t.Fatal(err)
			}
			if task := ended(t, s, id); task.Status != c.status || task.Details[c.key] != c.want {
				t.Errorf("%s: %s %v", name, task.Status, task.Details)
			}
		}
	})
}

func TestH03_a_task_is_its_makers_alone(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock) {
		id, err := s.Start(t.Context(), ann, "project", "test", func(context.Context, string) (map[string]any, error) { return nil, nil })
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []access.Principal{{}, {Kind: access.User, Organization: "org", User: "bob"}, {Kind: access.User, Organization: "other", User: "ann"}} {
			if _, err := s.Task(t.Context(), other, id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%+v is told %v", other, err)
			}
		}
	})
}

func TestH125_a_file_is_fetched_by_its_token_until_it_expires(t *testing.T) {
	each(t, func(t *testing.T, s *Service, c *clock) {
		token, err := s.Keep(t.Context(), ann, "project", "a.csv", "text/csv", func(w io.Writer) error {
			_, err := io.WriteString(w, "a\n1\n")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		file, err := s.Open(t.Context(), "project", token)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		_ = file.Close()
		if err != nil || string(text) != "a\n1\n" {
			t.Errorf("%q %v", text, err)
		}
		if _, err := s.OpenOwn(t.Context(), access.Principal{Kind: access.User, Organization: "org", User: "bob"}, "project", token); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's own file: %v", err)
		}
		for _, guess := range []string{"", token + "x", "../" + token, token[:20]} {
			if _, err := s.Open(t.Context(), "project", guess); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q opens %v", guess, err)
			}
		}
		if _, err := s.Open(t.Context(), "another", token); !fault.Is(err, fault.NotFound) {
			t.Errorf("in another project: %v", err)
		}
		c.pass(25 * time.Hour)
		if _, err := s.Open(t.Context(), "project", token); !fault.Is(err, fault.NotFound) {
			t.Errorf("after its time: %v", err)
		}
		if err := s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		left, err := filepath.Glob(filepath.Join(s.options.Files, "*"))
		if err != nil || len(left) != 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	})
}

func TestAFileThatCannotBeWrittenIsNotKept(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock) {
		if _, err := s.Keep(t.Context(), ann, "project", "a.csv", "text/csv", func(io.Writer) error { return errors.New("cut") }); err == nil {
			t.Error("half a file was kept")
		}
		if left, _ := filepath.Glob(filepath.Join(s.options.Files, "*")); len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

func TestATaskThatNobodyWorksOnEnds(t *testing.T) {
	each(t, func(t *testing.T, s *Service, c *clock) {
		_, err := s.db.NewInsert().Model(&taskRow{ID: "lost", Kind: "test", Organization: "org", Project: "p", CreatedBy: "ann", Status: Started,
			Details: "null", CreatedAt: c.at, UpdatedAt: c.at}).Exec(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c.pass(3 * time.Hour)
		if err := s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if task := ended(t, s, "lost"); task.Status != Failed {
			t.Error(task)
		}
	})
}

// accounts are what people with accounts may do now.
type accounts map[string]access.Principal

func (a accounts) PrincipalOf(_ context.Context, _, user string) (access.Principal, error) {
	if who, ok := a[user]; ok {
		return who, nil
	}
	return access.Principal{}, fault.New(fault.Forbidden, "deactivated")
}

func TestH44_an_old_export_ends_with_the_rights_that_it_was_made_with(t *testing.T) {
	each(t, func(t *testing.T, s *Service, _ *clock) {
		before := access.Principal{Kind: access.User, Organization: "org", User: "ann", OrgRole: access.Editor, Attributes: map[string][]string{"region": {"north"}}}
		narrowed, demoted, removed := before, before, before
		narrowed.Attributes = map[string][]string{"region": {"south"}}
		demoted.OrgRole = access.Viewer // sees the same rows
		removed.OrgRole = access.Member // sees no project
		people := accounts{"ann": before}
		s.options.People = people
		token, err := s.Keep(t.Context(), before, "project", "a.csv", "text/csv", func(w io.Writer) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			now   *access.Principal
			opens bool
		}{"as before": {&before, true}, "another role": {&demoted, true}, "other rows": {&narrowed, false}, "no project": {&removed, false}, "no account": {nil, false}} {
			delete(people, "ann")
			if c.now != nil {
				people["ann"] = *c.now
			}
			file, err := s.Open(t.Context(), "project", token)
			if c.opens != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil {
				_ = file.Close()
			}
		}
	})
}

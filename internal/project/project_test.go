package project_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/project"
	"inlay/internal/secret"
	"inlay/internal/store"
	"inlay/internal/store/storetest"
	"inlay/internal/warehouse"
)

const (
	organization = "11111111-1111-4111-8111-111111111111"
	elsewhere    = "22222222-2222-4222-8222-222222222222"
	somebody     = "33333333-3333-4333-8333-333333333333"
)

// columns is a warehouse that holds tables and no rows.
type columns []warehouse.Column

func (columns) Dialect() string { return "postgres" }
func (columns) Query(context.Context, warehouse.Statement) (frame.Reader, error) {
	return nil, fault.New(fault.Invalid, "nothing to read")
}
func (c columns) Columns(context.Context, []warehouse.Relation) ([]warehouse.Column, error) {
	return c, nil
}
func (columns) Ping(context.Context) error { return nil }
func (columns) Close() error               { return nil }

var shop = columns{
	{Database: "shop", Schema: "main", Table: "orders", Name: "order_id", Type: "integer"},
	{Database: "shop", Schema: "main", Table: "orders", Name: "amount", Type: "numeric"},
	{Database: "shop", Schema: "main", Table: "orders", Name: "account_id", Type: "text"},
}

const ordersModel = `
type: model
name: orders
sql_from: main.orders
dimensions:
  - {name: order_id}
  - {name: account_id}
metrics:
  revenue: {type: sum, sql: "${TABLE}.amount"}
`

type world struct {
	*testing.T
	db     *store.DB
	models string
	opened int
	fails  error
}

// each runs a test on every kind of metadata database.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &world{T: t, db: db, models: t.TempDir()}
		w.write("orders.yml", ordersModel)
		f(t, w)
	})
}

func (w *world) write(name, text string) {
	w.Helper()
	if err := os.WriteFile(filepath.Join(w.models, name), []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

// service is a server's process over the world's metadata.
func (w *world) service() *project.Service {
	w.Helper()
	key, err := secret.New("a secret that is long enough for tests")
	if err != nil {
		w.Fatal(err)
	}
	s := project.New(w.db, key, func(context.Context, warehouse.Settings) (warehouse.Conn, error) {
		w.opened++
		return shop, w.fails
	}, project.Options{Folders: []string{w.models}})
	w.Cleanup(s.Close)
	return s
}

func (w *world) draft() project.Draft {
	return project.Draft{
		Name: "Shop", Type: project.Default, DbtVersion: "v1.4",
		Source: project.Source{"type": "yaml", "path": w.models},
		Warehouse: warehouse.Settings{
			"type": "postgres", "host": "db.internal.example", "port": 5432, "user": "reader", "password": "hunter2", "dbname": "shop",
		},
	}
}

func (w *world) seed(s *project.Service) string {
	w.Helper()
	p, err := s.Seed(w.Context(), organization, somebody, w.draft())
	if err != nil {
		w.Fatal(err)
	}
	if _, err := s.Compile(w.Context(), p.UUID); err != nil {
		w.Fatal(err)
	}
	return p.UUID
}

func as(role access.Role) access.Principal {
	return access.Principal{Kind: access.User, Organization: organization, User: somebody, OrgRole: role}
}

func TestExploresSurviveARestartWithoutWarehouseAndModels(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.seed(w.service())
		if err := os.RemoveAll(w.models); err != nil {
			t.Fatal(err)
		}
		w.fails = fault.New(fault.Unavailable, "the warehouse is down")
		e, err := w.service().Explore(t.Context(), id, "orders")
		if err != nil {
			t.Fatal(err)
		}
		if d := e.Tables["orders"].Dimensions["order_id"]; d == nil || d.Type != "number" {
			t.Errorf("order_id is %+v, want a number as the warehouse said", d)
		}
	})
}

func TestH141CredentialsAreSealedAtRest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.seed(w.service())
		var source, settings string
		if err := w.db.NewSelect().Table("projects").Column("source", "warehouse").Scan(t.Context(), &source, &settings); err != nil {
			t.Fatal(err)
		}
		for _, hidden := range []string{"hunter2", "reader", "db.internal", w.models} {
			if strings.Contains(source+settings, hidden) {
				t.Errorf("the stored row shows %q", hidden)
			}
		}
	})
}

func TestSecretsAreNeverReturned(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		p, err := s.Get(t.Context(), as(access.Admin), w.seed(s))
		if err != nil {
			t.Fatal(err)
		}
		shown := p.PublicWarehouse()
		if shown["password"] != nil || shown["user"] != nil || shown["host"] != "db.internal.example" {
			t.Errorf("shown settings are %v", shown)
		}
	})
}

func TestH103KeptSecretsCannotBePointedAtANewHost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id := w.seed(s)
		d := project.Draft{Warehouse: warehouse.Settings{"type": "postgres", "host": "evil.example", "port": 5432, "dbname": "shop"}}
		if _, err := s.Update(t.Context(), as(access.Admin), id, d); !fault.Is(err, fault.Invalid) {
			t.Fatalf("moving a connection without its password gave %v", err)
		}
		d.Warehouse["host"] = "db.internal.example"
		if _, err := s.Update(t.Context(), as(access.Admin), id, d); err != nil {
			t.Fatal(err)
		}
		p, err := s.Get(t.Context(), as(access.Admin), id)
		if err != nil {
			t.Fatal(err)
		}
		if p.Warehouse["password"] != "hunter2" {
			t.Errorf("the password is %v after an update that left it out", p.Warehouse["password"])
		}
	})
}

func TestOnlyOneCompileRunsAtATime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id := w.seed(s)
		_, err := w.db.NewRaw("INSERT INTO project_locks VALUES (?, 'other', ?)", id, time.Now().Add(time.Minute)).Exec(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Compile(t.Context(), id)
		if f := fault.As(err); f.Kind != fault.Conflict || f.Code != "AlreadyProcessing" {
			t.Fatalf("a second compile gave %v", err)
		}
		if _, err := w.db.NewRaw("UPDATE project_locks SET held_until = ?", time.Now().Add(-time.Minute)).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Compile(t.Context(), id); err != nil {
			t.Fatalf("after the lock ran out: %v", err)
		}
	})
}

func TestACreateJobMakesTheProjectOnlyAfterItsModelsCompiled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id, err := s.CreateCompiled(t.Context(), as(access.Admin), w.draft())
		if err != nil {
			t.Fatal(err)
		}
		job := w.wait(s, id)
		if job.Status != project.Done || job.Result == "" {
			t.Fatalf("the job is %+v", job)
		}
		if _, err := s.Explore(t.Context(), job.Result, "orders"); err != nil {
			t.Error(err)
		}
		d := w.draft()
		d.Source = project.Source{"type": "dbt", "project_dir": "/etc"}
		if id, err = s.CreateCompiled(t.Context(), as(access.Admin), d); err != nil {
			t.Fatal(err)
		}
		job = w.wait(s, id)
		want := []project.Status{project.Done, project.Failed, project.Skipped}
		for i, step := range job.Steps {
			if step.Status != want[i] {
				t.Errorf("step %s is %s, want %s", step.Type, step.Status, want[i])
			}
		}
		if all, err := s.List(t.Context(), as(access.Admin)); err != nil || len(all) != 1 {
			t.Errorf("there are %d projects, want 1 (%v)", len(all), err)
		}
	})
}

func (w *world) wait(s *project.Service, job string) project.Job {
	w.Helper()
	for range 500 {
		j, err := s.Job(w.Context(), as(access.Admin), job)
		if err != nil {
			w.Fatal(err)
		}
		if j.Status == project.Done || j.Status == project.Failed {
			return j
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.Fatal("the job doesn't end")
	return project.Job{}
}

func TestAJobThatAStoppedServerLeftIsTakenOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.service()
		id := w.seed(first)
		job, err := first.Refresh(t.Context(), as(access.Admin), id)
		if err != nil {
			t.Fatal(err)
		}
		w.wait(first, job)
		first.Close()
		_, err = w.db.NewRaw("UPDATE project_jobs SET status = 'RUNNING', runner = 'gone', leased_until = ?", time.Now().Add(-time.Hour)).
			Exec(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		second := w.service()
		second.Start()
		if j := w.wait(second, job); j.Status != project.Done {
			t.Errorf("the job is %+v", j)
		}
	})
}

func TestAJobIsNotFoundByWhoMayNotSeeIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		job, err := s.Refresh(t.Context(), as(access.Admin), w.seed(s))
		if err != nil {
			t.Fatal(err)
		}
		stranger := access.Principal{Kind: access.User, Organization: elsewhere, User: somebody, OrgRole: access.Admin}
		for _, who := range []access.Principal{stranger, as(access.Member)} {
			if _, err := s.Job(t.Context(), who, job); !fault.Is(err, fault.NotFound) {
				t.Errorf("a %s of %s got %v", who.OrgRole, who.Organization, err)
			}
		}
	})
}

func TestAnotherOrganizationsProjectIsForbiddenAndAMissingOneNotFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id := w.seed(s)
		stranger := access.Principal{Kind: access.User, Organization: elsewhere, User: somebody, OrgRole: access.Admin}
		if _, err := s.Get(t.Context(), stranger, id); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a stranger got %v", err)
		}
		for _, id := range []string{elsewhere, "not-a-uuid", "'; DROP TABLE projects; --"} {
			if _, err := s.Get(t.Context(), as(access.Admin), id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q gave %v", id, err)
			}
		}
	})
}

func TestModelFoldersOutsideTheOperatorsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		outside := t.TempDir()
		link := filepath.Join(w.models, "link")
		if err := os.Symlink(outside, link); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{outside, link, filepath.Join(w.models, ".."), ""} {
			d := w.draft()
			d.Source = project.Source{"type": "yaml", "path": path}
			p, err := s.Seed(t.Context(), organization, somebody, d)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Compile(t.Context(), p.UUID); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q gave %v", path, err)
			}
		}
	})
}

func TestAWatchedFolderIsCompiledAgainAndABrokenFileKeepsTheOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id := w.seed(s)
		if err := s.Watch(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		w.write("broken.yml", "type: model\nname: [")
		w.write("returns.yml", strings.ReplaceAll(ordersModel, "orders", "returns"))
		for range 500 {
			if _, err := s.Explore(t.Context(), id, "returns"); err == nil {
				if _, err := s.Explore(t.Context(), id, "orders"); err != nil {
					t.Fatal(err)
				}
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal("the new model was not served")
	})
}

func TestAConnectionIsTheOrganizationsOwnAndOpenToTenantsOnlyWhenMarked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id := w.seed(s)
		settings := w.draft().Warehouse
		closed, err := s.AddConnection(t.Context(), as(access.Admin), "closed", settings, false)
		if err != nil {
			t.Fatal(err)
		}
		foreign, err := s.SeedConnection(t.Context(), elsewhere, "", "theirs", settings, true)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Overridable(t.Context(), organization, closed); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a closed connection gave %v", err)
		}
		if err := s.Overridable(t.Context(), organization, foreign); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organization's connection gave %v", err)
		}
		if _, _, err := s.Conn(t.Context(), id, foreign); !fault.Is(err, fault.NotFound) {
			t.Errorf("reading through another organization's connection gave %v", err)
		}
	})
}

func TestProjectsWithEqualSettingsShareAConnection(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		_, first, err := s.Conn(t.Context(), w.seed(s), "")
		if err != nil {
			t.Fatal(err)
		}
		_, second, err := s.Conn(t.Context(), w.seed(s), "")
		if err != nil {
			t.Fatal(err)
		}
		if first != second || w.opened != 1 {
			t.Errorf("identities %s and %s, opened %d times", first, second, w.opened)
		}
	})
}

func TestQueriesSeeAChangedOrDeletedProjectAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id := w.seed(s)
		_, before, err := s.Conn(t.Context(), id, "")
		if err != nil {
			t.Fatal(err)
		}
		settings := w.draft().Warehouse
		settings["startOfWeek"] = 6
		if _, err := s.Update(t.Context(), as(access.Admin), id, project.Draft{Warehouse: settings}); err != nil {
			t.Fatal(err)
		}
		if _, after, err := s.Conn(t.Context(), id, ""); err != nil || after == before {
			t.Errorf("the connection is %s after a change, and was %s: %v", after, before, err)
		}
		if p, err := s.Project(t.Context(), id); err != nil || p.WeekStart == nil || *p.WeekStart != 6 {
			t.Errorf("the week starts on %v: %v", p.WeekStart, err)
		}
		if err := s.Delete(t.Context(), as(access.Admin), id); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Project(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("a deleted project gave %v", err)
		}
	})
}

func TestAViewOfSQLOutlivesACompile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id := w.seed(s)
		v := project.View{Name: "Big Orders!", SQL: "SELECT amount FROM main.orders;", Columns: []project.ViewColumn{{Name: "amount", Type: "number"}}}
		if _, err := s.CreateView(t.Context(), as(access.Editor), id, v); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an editor, who may not write SQL, got %v", err)
		}
		name, err := s.CreateView(t.Context(), as(access.Developer), id, v)
		if err != nil || name != "big_orders" {
			t.Fatalf("the view is called %q (%v)", name, err)
		}
		if _, err := s.CreateView(t.Context(), as(access.Developer), id, v); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second view of the name gave %v", err)
		}
		if _, err := s.Compile(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		e, err := s.Explore(t.Context(), id, name)
		if err != nil {
			t.Fatal(err)
		}
		if e.Tables[name].From != "SELECT amount FROM main.orders" {
			t.Errorf("the view reads %q", e.Tables[name].From)
		}
		if err := s.DeleteView(t.Context(), as(access.Developer), id, name); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Explore(t.Context(), id, name); !fault.Is(err, fault.NotFound) {
			t.Errorf("the deleted view gave %v", err)
		}
	})
}

func TestTagsAndIconsStayWithTheirItemsWhenModelsAreCompiledAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		s := w.service()
		id := w.seed(s)
		who := as(access.Editor)
		metrics := project.CatalogQuery{Text: "revenue", Metrics: true}
		found, err := s.SearchCatalog(t.Context(), who, id, metrics)
		if err != nil || len(found) != 1 {
			t.Fatalf("found %v (%v)", found, err)
		}
		tag, err := s.CreateTag(t.Context(), who, id, "money", "#00ff00")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.TagItem(t.Context(), who, id, found[0].ID, tag); err != nil {
			t.Fatal(err)
		}
		if err := s.SetIcon(t.Context(), who, id, found[0].ID, map[string]any{"unicode": "1f4b0"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Compile(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		metrics.Tags = []string{tag}
		found, err = s.SearchCatalog(t.Context(), who, id, metrics)
		if err != nil || len(found) != 1 || len(found[0].Tags) != 1 || found[0].Icon["unicode"] != "1f4b0" {
			t.Errorf("after a compile: %+v (%v)", found, err)
		}
		if err := s.TagItem(t.Context(), who, id, elsewhere, tag); !fault.Is(err, fault.NotFound) {
			t.Errorf("tagging an item that isn't there gave %v", err)
		}
	})
}

func TestH16ListsLeakNothingOfFieldsThatAttributesHide(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.write("orders.yml", strings.Replace(ordersModel, "{name: account_id}",
			"{name: account_id, description: whose revenue, required_attributes: {is_admin: 'true'}}", 1))
		s := w.service()
		id := w.seed(s)
		who := as(access.Editor)
		results, err := s.Search(t.Context(), who, id, project.Search{Text: "account_id whose"})
		if err != nil {
			t.Fatal(err)
		}
		items, err := s.CatalogFields(t.Context(), who, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range results.Fields {
			items = append(items, hit.Item)
		}
		for _, item := range items {
			if item.Name() == "account_id" {
				t.Error("the hidden field is listed")
			}
		}
		who.Attributes = map[string][]string{"is_admin": {"true"}}
		if results, err = s.Search(t.Context(), who, id, project.Search{Text: "account_id"}); err != nil || len(results.Fields) == 0 {
			t.Errorf("who has the attribute finds %v (%v)", results.Fields, err)
		}
	})
}

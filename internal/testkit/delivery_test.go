package testkit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"inlay/internal/delivery"
	"inlay/internal/schedule"
)

// postbox is a channel that keeps what it is given.
type postbox struct {
	mutex sync.Mutex
	sent  map[string]string // texts of all files, by recipient
	times map[string]int
	halt  chan struct{} // closed when a message is stuck in it
	stuck string        // the recipient whose message gets stuck until the context ends
}

func newPostbox() *postbox {
	return &postbox{sent: map[string]string{}, times: map[string]int{}, halt: make(chan struct{})}
}

func (p *postbox) Send(ctx context.Context, m delivery.Message) error {
	text := m.Title + "\n"
	for _, f := range m.Files {
		file, err := f.Open(ctx)
		if err != nil {
			return err
		}
		data, err := io.ReadAll(file)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
		text += string(data)
	}
	p.mutex.Lock()
	p.sent[m.To] = text
	p.times[m.To]++
	p.mutex.Unlock()
	if m.To == p.stuck {
		close(p.halt)
		<-ctx.Done()
		return ctx.Err()
	}
	return nil
}

// replica is another server's runner of deliveries on the same metadata.
func (w *world) replica(mail delivery.Channel) *delivery.Service {
	tasks := schedule.New(w.Store, schedule.Options{Files: w.t.TempDir(), SiteURL: w.Config.SiteURL, Now: w.now})
	w.t.Cleanup(tasks.Close)
	parts := w.Delivery.Parts
	parts.Tasks, parts.Mail = tasks, mail
	return delivery.New(parts)
}

// turn lets replicas find what is due and do it, and waits until nothing is left to do.
func (w *world) turn(replicas ...*delivery.Service) {
	w.t.Helper()
	var all sync.WaitGroup
	for _, r := range replicas {
		all.Go(func() {
			if err := errors.Join(r.EnlistDue(w.t.Context()), r.Tasks.TakeJobs(w.t.Context(), r.Workers())); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
	for range 1000 {
		var open int
		err := w.Store.NewRaw("SELECT count(*) FROM tasks WHERE task_key IS NOT NULL AND status IN ('scheduled', 'started')").Scan(w.t.Context(), &open)
		if err != nil {
			w.t.Fatal(err)
		}
		if open == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatal("deliveries don't end")
}

// schedules makes a delivery of a chart at half past each hour.
func (w *world) schedules(as credential, chart, more string, to ...string) string {
	w.t.Helper()
	targets := []any{}
	for _, address := range to {
		targets = append(targets, map[string]string{"recipient": address})
	}
	body := fmt.Sprintf(`{"name":"Numbers","cron":"30 * * * *","timezone":"Europe/Berlin","format":"csv","options":{"formatted":false,"limit":"table"},"targets":%s%s}`, text(targets), more)
	return w.got(as, "/api/v1/saved/"+w.charts[chart]+"/schedulers", body, "results.schedulerUuid")
}

func (w *world) logs() []any {
	lines, _ := at(w.must(w.admin(), "GET", "/api/v1/schedulers/"+w.facts.Project+"/logs", "").body, "results.logs").([]any)
	return lines
}

// said are the log's lines as "task status target error".
func (w *world) said() []string {
	var all []string
	for _, line := range w.logs() {
		l := line.(map[string]any)
		details, _ := l["details"].(map[string]any)
		words := []any{l["task"], l["status"]}
		for _, word := range []any{l["target"], details["error"]} {
			if word != nil {
				words = append(words, word)
			}
		}
		all = append(all, strings.TrimSpace(fmt.Sprintln(words...)))
	}
	slices.Sort(all)
	return all
}

func TestH135_a_due_delivery_is_sent_once_whatever_servers_run(t *testing.T) {
	each(t, func(w *world) {
		mail := newPostbox()
		one, other := w.replica(mail), w.replica(mail)
		w.schedules(w.admin(), "Revenue by channel", "", "out@side.test")
		w.turn(one, other)
		if len(mail.times) != 0 {
			t.Fatal("sent before it was due", mail.times)
		}
		for hours := 1; hours <= 3; hours++ {
			w.later.Add(int64(time.Hour))
			w.turn(one, other)
			w.turn(other, one)
			if mail.times["out@side.test"] != hours {
				w.t.Fatalf("after %d hours sent %d times", hours, mail.times["out@side.test"])
			}
		}
		w.later.Add(int64(100 * time.Hour)) // no server ran for days: the last of the missed times is made up
		w.turn(one, other)
		if mail.times["out@side.test"] != 4 {
			w.t.Errorf("after days sent %d times", mail.times["out@side.test"])
		}
		want := w.part("export of Revenue by channel", export("/api/v1/saved/{chart Revenue by channel}/downloadCsv",
			`{"dashboardFilters":{},"onlyRaw":true,"csvLimit":null}`))
		if _, file, _ := strings.Cut(mail.sent["out@side.test"], "\n"); sorted(file) != want {
			w.t.Errorf("sent\n%s\nwant\n%s", file, want)
		}
	})
}

func (w *world) part(name string, ask func(*world, credential) answer) string {
	p := purpose{name: name, ask: ask}
	return p.part(p.ask(w, w.admin()))
}

func sorted(file string) string {
	lines := strings.Split(strings.TrimSpace(file), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestH135_a_target_that_a_stopped_server_had_begun_is_not_sent_to_again(t *testing.T) {
	each(t, func(w *world) {
		mail := newPostbox()
		mail.stuck = "second@side.test"
		one, other := w.replica(mail), w.replica(mail)
		w.schedules(w.admin(), "Revenue by channel", "", "first@side.test", "second@side.test", "third@side.test")
		w.later.Add(int64(time.Hour))
		if err := errors.Join(one.EnlistDue(t.Context()), one.Tasks.TakeJobs(t.Context(), one.Workers())); err != nil {
			t.Fatal(err)
		}
		<-mail.halt
		one.Tasks.Close()
		w.later.Add(int64(time.Minute))
		w.turn(other)
		if got := fmt.Sprint(mail.times); got != "map[first@side.test:1 second@side.test:1 third@side.test:1]" {
			w.t.Errorf("sent %s", got)
		}
	})
}

// viewer gives the credential of the demo's viewer of a tenant, and their address.
func (w *world) viewer(tenant string) (credential, string) {
	for _, v := range w.facts.Fronts.Native.Viewers {
		if v.Tenant == tenant {
			return w.login(v.Email, v.Password), v.Email
		}
	}
	w.t.Fatal("no viewer of " + tenant)
	return nil, ""
}

func TestH47_a_delivery_shows_nobody_rows_that_are_kept_from_them(t *testing.T) {
	w := open(t)
	owners := ownersOf(t, w.facts.Warehouse)
	tenant := w.facts.Fronts.Native.Viewers[1].Tenant // the best sellers of all are the first one's
	_, narrow := w.viewer(tenant)
	mail := newPostbox()
	w.schedules(w.admin(), "Best-selling products", "", narrow, "out@side.test")
	w.later.Add(int64(time.Hour))
	w.turn(w.replica(mail))
	all, own := answer{body: []byte(mail.sent["out@side.test"])}, answer{body: []byte(mail.sent[narrow])}
	if len(owners.others(tenant, all)) == 0 {
		t.Errorf("the owner sees everybody's rows, but sent %s", all)
	}
	if len(own.body) == 0 || len(owners.others(tenant, own)) > 0 {
		t.Errorf("they were sent %v of others, in %s", owners.others(tenant, own), own)
	}
}

func TestADeliveryIsRenderedWithWhatItsOwnerMayNow(t *testing.T) {
	w := open(t)
	owners := ownersOf(t, w.facts.Warehouse)
	viewer, address := w.viewer("m-0001")
	user, _ := at(w.must(viewer, "GET", "/api/v1/user", "").body, "results.userUuid").(string)
	role := func(role string) {
		w.must(w.admin(), "PATCH", "/api/v1/org/users/"+user, text(map[string]string{"role": role}))
	}
	role("interactive_viewer")
	viewer, _ = w.viewer("m-0001")
	w.schedules(viewer, "Best-selling products", "", "out@side.test")
	mail := newPostbox()
	sender := w.replica(mail)
	w.later.Add(int64(time.Hour))
	w.turn(sender)
	got := answer{body: []byte(mail.sent["out@side.test"])}
	if mail.times["out@side.test"] != 1 || len(owners.others("m-0001", got)) > 0 || !strings.Contains(string(got.body), ",") {
		t.Errorf("%s sent %d times %s", address, mail.times["out@side.test"], got)
	}
	role("member")
	w.later.Add(int64(time.Hour))
	w.turn(sender)
	w.must(w.admin(), "DELETE", "/api/v1/org/user/"+user, "")
	w.later.Add(int64(time.Hour))
	w.turn(sender)
	if mail.times["out@side.test"] != 1 {
		t.Error("sent for somebody who may not see it")
	}
	want := []string{
		"handleScheduledDelivery completed", "handleScheduledDelivery error Its owner has no account any more, so nothing was sent",
		"handleScheduledDelivery error You don't have access to the space this chart belongs to",
		"handleScheduledDelivery started", "handleScheduledDelivery started", "handleScheduledDelivery started",
		"sendEmailNotification completed out@side.test", "sendEmailNotification started out@side.test",
	}
	if said := w.said(); !slices.Equal(said, want) {
		t.Errorf("the log says\n%s", strings.Join(said, "\n"))
	}
}

// TestH16_the_log_of_deliveries_names_nothing_hidden: editors read the log, and see of it what they see of the content.
func TestH16_the_log_of_deliveries_names_nothing_hidden(t *testing.T) {
	w := open(t)
	viewer, _ := w.viewer("m-0001")
	user, _ := at(w.must(viewer, "GET", "/api/v1/user", "").body, "results.userUuid").(string)
	w.must(w.admin(), "PATCH", "/api/v1/org/users/"+user, `{"role":"editor"}`)
	editor, _ := w.viewer("m-0001")
	for _, thing := range []things{w.stored("Hidden", true), w.stored("Seen", false)} {
		for _, sent := range []string{"/api/v1/saved/{chart}", "/api/v1/dashboards/{board}"} {
			w.must(w.admin(), "POST", w.on(thing, sent+"/schedulers"),
				w.on(thing, `{"name":"{name} mail","cron":"30 * * * *","format":"csv","options":{},"targets":[{"recipient":"{name}@side.test"}]}`))
		}
	}
	w.later.Add(int64(time.Hour))
	w.turn(w.replica(newPostbox()))
	told := func(as credential) map[string]int {
		log := w.must(as, "GET", "/api/v1/schedulers/"+w.facts.Project+"/logs", "")
		counts := map[string]int{"Hidden": strings.Count(string(log.body), "Hidden")}
		for _, list := range []string{"schedulers", "users", "charts", "dashboards", "logs"} {
			all, _ := at(log.body, "results."+list).([]any)
			counts[list] = len(all)
		}
		return counts
	}
	if got := told(editor); !maps.Equal(got, map[string]int{"Hidden": 0, "schedulers": 2, "users": 1, "charts": 1, "dashboards": 1, "logs": 8}) {
		t.Errorf("an editor is told %v", got)
	}
	if got := told(w.admin()); got["Hidden"] == 0 || got["schedulers"] != 4 || got["logs"] != 16 {
		t.Errorf("the admin is told %v", got)
	}
}

func TestAThresholdDecidesWhetherADeliveryIsSent(t *testing.T) {
	w := open(t)
	mail := newPostbox()
	sender := w.replica(mail)
	threshold := func(operator, value string) string {
		return `,"notificationFrequency":"once","thresholds":[{"fieldId":"orders_revenue","operator":"` + operator + `","value":` + value + `}]`
	}
	w.schedules(w.admin(), "Revenue", threshold("greaterThan", "1e15"), "never@side.test")
	once := w.schedules(w.admin(), "Revenue", threshold("greaterThan", "1"), "once@side.test")
	w.schedules(w.admin(), "Revenue", `,"thresholds":[{"fieldId":"orders_nothing","operator":"lessThan","value":1}]`, "unknown@side.test")
	for range 2 {
		w.later.Add(int64(time.Hour))
		w.turn(sender)
	}
	if got := fmt.Sprint(mail.times); got != "map[once@side.test:1]" {
		t.Errorf("sent %s", got)
	}
	if on := at(w.must(w.admin(), "GET", "/api/v1/schedulers/"+once, "").body, "results.enabled"); on != false {
		t.Errorf("after it was met once, it is enabled: %v", on)
	}
	if said := strings.Join(w.said(), "\n"); !strings.Contains(said, "field orders_nothing isn't one of the chart's") {
		t.Error(said)
	}
}

func TestWithoutAnEMailServerARunSaysSo(t *testing.T) {
	w := open(t)
	sent := w.got(w.admin(), "/api/v1/schedulers/send", `{"name":"Now","cron":"0 9 * * *","format":"csv","options":{},"targets":[{"recipient":"out@side.test"}],"savedChartUuid":"`+
		w.charts["Revenue"]+`"}`, "results.jobId")
	w.turn(w.Delivery)
	state := w.must(w.admin(), "GET", "/api/v1/schedulers/job/"+sent+"/status", "")
	if at(state.body, "results.status") != "error" || at(state.body, "results.details.error") != "No e-mail server is connected to this server, so nothing was sent" {
		t.Error(state)
	}
}

package native

import (
	"context"
	"encoding/json"
	"time"

	"inlay/internal/access"
	"inlay/internal/api"
	"inlay/internal/content"
	"inlay/internal/delivery"
	"inlay/internal/fault"
	"inlay/internal/schedule"
)

// SchedulerRows are the operations on scheduled deliveries.
func SchedulerRows(s *content.Service, runs *delivery.Service) []api.Operation {
	a := schedulers{s, runs}
	row := func(id, method, path string, endpoint api.Endpoint) api.Operation {
		return api.Operation{ID: id, Method: method, Path: path, Auth: api.SessionOrKey, Tag: "Schedulers", Endpoint: endpoint}
	}
	return []api.Operation{
		row("ListChartSchedulers", "GET", "/api/v1/saved/{chartUuid}/schedulers", api.Handle(a.ofChart)),
		row("CreateChartScheduler", "POST", "/api/v1/saved/{chartUuid}/schedulers", api.Handle(a.forChart)),
		row("ListDashboardSchedulers", "GET", "/api/v1/dashboards/{dashboardUuid}/schedulers", api.Handle(a.ofDashboard)),
		row("CreateDashboardScheduler", "POST", "/api/v1/dashboards/{dashboardUuid}/schedulers", api.Handle(a.forDashboard)),
		op("getScheduler", api.Handle(a.get)),
		op("updateScheduler", api.Handle(a.update)),
		op("deleteScheduler", api.Handle(a.delete)),
		op("updateSchedulerEnabled", api.Handle(a.enable)),
		op("getScheduledJobs", api.Handle(a.jobs)),
		op("getSchedulerLogs", api.Handle(a.logs)),
		op("sendScheduler", api.Handle(a.send)),
		row("sendSchedulerByUuid", "POST", "/api/v1/schedulers/{schedulerUuid}/send", api.Handle(a.sendKept)),
	}
}

type schedulers struct {
	*content.Service
	runs *delivery.Service
}

type schedulerBody struct {
	Name                  string          `json:"name"`
	Message               *string         `json:"message"`
	Cron                  string          `json:"cron"`
	Timezone              *string         `json:"timezone"`
	Format                string          `json:"format"`
	Options               json.RawMessage `json:"options"`
	Filters               json.RawMessage `json:"filters"`
	CustomViewportWidth   *int            `json:"customViewportWidth"`
	Thresholds            json.RawMessage `json:"thresholds"`
	NotificationFrequency *string         `json:"notificationFrequency"`
	SelectedTabs          json.RawMessage `json:"selectedTabs"`
	IncludeLinks          *bool           `json:"includeLinks"`
	Enabled               *bool           `json:"enabled"`
	SavedChartUUID        *string         `json:"savedChartUuid"`
	DashboardUUID         *string         `json:"dashboardUuid"`
	Targets               []struct {
		Channel   string `json:"channel"`
		Recipient string `json:"recipient"`
	} `json:"targets"`
}

func (b schedulerBody) delivery() (content.Delivery, error) {
	if b.Name == "" || b.Format == "" || b.Targets == nil {
		return content.Delivery{}, fault.New(fault.Invalid, "A scheduled delivery needs a name, a format and targets")
	}
	d := content.Delivery{Name: b.Name, Cron: b.Cron, Timezone: b.Timezone, Enabled: b.Enabled == nil || *b.Enabled,
		Details: content.DeliveryDetails{Message: b.Message, Format: b.Format, Options: b.Options, Filters: kept(b.Filters),
			ViewportWidth: b.CustomViewportWidth, Thresholds: kept(b.Thresholds), Frequency: b.NotificationFrequency,
			SelectedTabs: kept(b.SelectedTabs), IncludeLinks: b.IncludeLinks == nil || *b.IncludeLinks}}
	for _, target := range b.Targets {
		d.Targets = append(d.Targets, content.DeliveryTarget{Channel: target.Channel, Recipient: target.Recipient})
	}
	return d, nil
}

// kept is a document that may be left out: null is as good as nothing.
func kept(raw json.RawMessage) json.RawMessage {
	if absent(raw) {
		return nil
	}
	return raw
}

type schedulerWire struct {
	SchedulerUUID         string          `json:"schedulerUuid"`
	Name                  string          `json:"name"`
	Message               *string         `json:"message"`
	CreatedAt             moment          `json:"createdAt"`
	UpdatedAt             moment          `json:"updatedAt"`
	CreatedBy             string          `json:"createdBy"`
	Cron                  string          `json:"cron"`
	Timezone              *string         `json:"timezone"`
	SavedChartUUID        *string         `json:"savedChartUuid"`
	DashboardUUID         *string         `json:"dashboardUuid"`
	Format                string          `json:"format"`
	Options               json.RawMessage `json:"options"`
	Filters               json.RawMessage `json:"filters"`
	CustomViewportWidth   *int            `json:"customViewportWidth"`
	Thresholds            json.RawMessage `json:"thresholds,omitempty"`
	Enabled               bool            `json:"enabled"`
	NotificationFrequency *string         `json:"notificationFrequency"`
	SelectedTabs          json.RawMessage `json:"selectedTabs"`
	IncludeLinks          bool            `json:"includeLinks"`
	Targets               []any           `json:"targets"`
}

type slackTarget struct {
	UUID          string `json:"schedulerSlackTargetUuid"`
	CreatedAt     moment `json:"createdAt"`
	UpdatedAt     moment `json:"updatedAt"`
	SchedulerUUID string `json:"schedulerUuid"`
	Channel       string `json:"channel"`
}

type emailTarget struct {
	UUID          string `json:"schedulerEmailTargetUuid"`
	CreatedAt     moment `json:"createdAt"`
	UpdatedAt     moment `json:"updatedAt"`
	SchedulerUUID string `json:"schedulerUuid"`
	Recipient     string `json:"recipient"`
}

func schedulerToWire(d content.Delivery) schedulerWire {
	w := schedulerWire{SchedulerUUID: d.UUID, Name: d.Name, Message: d.Details.Message, CreatedAt: moment(d.CreatedAt),
		UpdatedAt: moment(d.UpdatedAt), CreatedBy: d.CreatedBy, Cron: d.Cron, Timezone: d.Timezone, SavedChartUUID: maybe(d.Chart),
		DashboardUUID: maybe(d.Dashboard), Format: d.Details.Format, Options: d.Details.Options, Filters: d.Details.Filters,
		CustomViewportWidth: d.Details.ViewportWidth, Thresholds: d.Details.Thresholds, Enabled: d.Enabled,
		NotificationFrequency: d.Details.Frequency, SelectedTabs: d.Details.SelectedTabs, IncludeLinks: d.Details.IncludeLinks,
		Targets: []any{}}
	for _, t := range d.Targets {
		if t.Channel != "" {
			w.Targets = append(w.Targets, slackTarget{t.UUID, moment(t.CreatedAt), moment(t.UpdatedAt), d.UUID, t.Channel})
		} else {
			w.Targets = append(w.Targets, emailTarget{t.UUID, moment(t.CreatedAt), moment(t.UpdatedAt), d.UUID, t.Recipient})
		}
	}
	return w
}

func schedulersToWire(found []content.Delivery, err error) ([]schedulerWire, error) {
	list := []schedulerWire{}
	for _, d := range found {
		list = append(list, schedulerToWire(d))
	}
	return list, err
}

func schedulerOr(d *content.Delivery, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return schedulerToWire(*d), nil
}

func (a schedulers) ofChart(ctx context.Context, who access.Principal, in chartIn) ([]schedulerWire, error) {
	return schedulersToWire(a.ChartDeliveries(ctx, who, in.Chart))
}

func (a schedulers) ofDashboard(ctx context.Context, who access.Principal, in dashboardIn) ([]schedulerWire, error) {
	return schedulersToWire(a.DashboardDeliveries(ctx, who, in.Dashboard))
}

type chartSchedulerIn struct {
	Chart string        `path:"chartUuid"`
	Body  schedulerBody `body:"body,loose"`
}

func (a schedulers) forChart(ctx context.Context, who access.Principal, in chartSchedulerIn) (any, error) {
	d, err := in.Body.delivery()
	if err != nil {
		return nil, err
	}
	d.Chart = in.Chart
	return schedulerOr(a.CreateDelivery(ctx, who, d))
}

type dashboardSchedulerIn struct {
	Dashboard string        `path:"dashboardUuid"`
	Body      schedulerBody `body:"body,loose"`
}

func (a schedulers) forDashboard(ctx context.Context, who access.Principal, in dashboardSchedulerIn) (any, error) {
	d, err := in.Body.delivery()
	if err != nil {
		return nil, err
	}
	d.Dashboard = in.Dashboard
	return schedulerOr(a.CreateDelivery(ctx, who, d))
}

type schedulerIn struct {
	Scheduler string `path:"schedulerUuid"`
}

func (a schedulers) get(ctx context.Context, who access.Principal, in schedulerIn) (any, error) {
	return schedulerOr(a.Delivery(ctx, who, in.Scheduler))
}

type updateSchedulerIn struct {
	Scheduler string        `path:"schedulerUuid"`
	Body      schedulerBody `body:"body,loose"`
}

func (a schedulers) update(ctx context.Context, who access.Principal, in updateSchedulerIn) (any, error) {
	d, err := in.Body.delivery()
	if err != nil {
		return nil, err
	}
	return schedulerOr(a.UpdateDelivery(ctx, who, in.Scheduler, d))
}

func (a schedulers) delete(ctx context.Context, who access.Principal, in schedulerIn) (api.Empty, error) {
	return api.Empty{}, a.DeleteDelivery(ctx, who, in.Scheduler)
}

type enableSchedulerIn struct {
	Scheduler string `path:"schedulerUuid"`
	Body      struct {
		Enabled bool `json:"enabled"`
	} `body:"body"`
}

func (a schedulers) enable(ctx context.Context, who access.Principal, in enableSchedulerIn) (any, error) {
	return schedulerOr(a.EnableDelivery(ctx, who, in.Scheduler, in.Body.Enabled))
}

type scheduledJob struct {
	Date moment `json:"date"`
	ID   string `json:"id"`
}

func (a schedulers) jobs(ctx context.Context, who access.Principal, in schedulerIn) ([]scheduledJob, error) {
	times, err := a.DeliveryTimes(ctx, who, in.Scheduler)
	list := []scheduledJob{}
	for _, at := range times {
		list = append(list, scheduledJob{moment(at), in.Scheduler + "-" + at.Format(time.RFC3339)})
	}
	return list, err
}

type schedulerLogs struct {
	Schedulers []schedulerWire  `json:"schedulers"`
	Users      []authorWire     `json:"users"`
	Charts     []namedChart     `json:"charts"`
	Dashboards []namedDashboard `json:"dashboards"`
	Logs       []schedulerLog   `json:"logs"`
}

type schedulerLog struct {
	Task          string          `json:"task"`
	SchedulerUUID string          `json:"schedulerUuid"`
	JobID         string          `json:"jobId"`
	JobGroup      string          `json:"jobGroup"`
	ScheduledTime moment          `json:"scheduledTime"`
	CreatedAt     moment          `json:"createdAt"`
	Status        schedule.Status `json:"status"`
	Target        *string         `json:"target,omitempty"`
	TargetType    *string         `json:"targetType,omitempty"`
	Details       map[string]any  `json:"details,omitempty"`
}

type namedChart struct {
	Name string `json:"name"`
	UUID string `json:"savedChartUuid"`
}

type namedDashboard struct {
	Name string `json:"name"`
	UUID string `json:"dashboardUuid"`
}

func (a schedulers) logs(ctx context.Context, who access.Principal, in projectIn) (any, error) {
	log, err := a.runs.History(ctx, who, in.Project)
	if err != nil {
		return nil, err
	}
	w := schedulerLogs{Schedulers: []schedulerWire{}, Users: []authorWire{}, Charts: []namedChart{}, Dashboards: []namedDashboard{}, Logs: []schedulerLog{}}
	for _, d := range log.Deliveries {
		w.Schedulers = append(w.Schedulers, schedulerToWire(d))
	}
	for _, p := range log.People {
		w.Users = append(w.Users, authorWire{p.User, p.First, p.Last})
	}
	for _, c := range log.Charts {
		w.Charts = append(w.Charts, namedChart{c.Name, c.UUID})
	}
	for _, d := range log.Dashboards {
		w.Dashboards = append(w.Dashboards, namedDashboard{d.Name, d.UUID})
	}
	for _, l := range log.Lines {
		w.Logs = append(w.Logs, schedulerLog{l.Task, l.Delivery, l.Job, l.Group, moment(l.Scheduled), moment(l.Created), l.Status,
			maybe(l.Target), maybe(l.TargetType), l.Details})
	}
	return w, nil
}

type sendSchedulerIn struct {
	Body schedulerBody `body:"body,loose"`
}

func (a schedulers) send(ctx context.Context, who access.Principal, in sendSchedulerIn) (any, error) {
	d, err := in.Body.delivery()
	if err != nil {
		return nil, err
	}
	d.Chart, d.Dashboard = given(in.Body.SavedChartUUID), given(in.Body.DashboardUUID)
	id, err := a.runs.SendNow(ctx, who, d)
	return wireJobID{id}, err
}

func (a schedulers) sendKept(ctx context.Context, who access.Principal, in schedulerIn) (any, error) {
	id, err := a.runs.SendKept(ctx, who, in.Scheduler)
	return wireJobID{id}, err
}

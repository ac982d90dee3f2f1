package content

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
)

// Delivery sends a chart or dashboard to people at set times. The native API calls it a scheduler.
type Delivery struct {
	UUID, Project, Organization string
	Chart, Dashboard            string // one of them
	Name, Cron                  string
	Timezone                    *string
	Enabled                     bool
	CreatedBy                   string
	CreatedAt, UpdatedAt        time.Time
	Details                     DeliveryDetails
	Targets                     []DeliveryTarget
}

// DeliveryDetails is what is sent and how; documents of clients are kept as they are.
type DeliveryDetails struct {
	Message       *string         `json:"message,omitempty"`
	Format        string          `json:"format"`
	Options       json.RawMessage `json:"options,omitempty"`
	Filters       json.RawMessage `json:"filters,omitempty"`
	ViewportWidth *int            `json:"viewportWidth,omitempty"`
	Thresholds    json.RawMessage `json:"thresholds,omitempty"`
	Frequency     *string         `json:"notificationFrequency,omitempty"`
	SelectedTabs  json.RawMessage `json:"selectedTabs,omitempty"`
	IncludeLinks  bool            `json:"includeLinks"`
}

// DashboardFilters are the rules that a dashboard's delivery puts on top of the dashboard's own.
func (d DeliveryDetails) DashboardFilters() DashboardFilters {
	var rules []json.RawMessage
	_ = json.Unmarshal(d.Filters, &rules) // a delivery without a list of rules adds none
	return DashboardFilters{Dimensions: rules}
}

// DeliveryTarget is who gets it: a channel or an e-mail address.
type DeliveryTarget struct {
	UUID                 string
	Channel, Recipient   string
	CreatedAt, UpdatedAt time.Time
}

type deliveryRow struct {
	bun.BaseModel `bun:"table:deliveries"`

	UUID         string  `bun:"uuid,pk"`
	Organization string  `bun:"organization_uuid"`
	Project      string  `bun:"project_uuid"`
	Chart        *string `bun:"chart_uuid"`
	Dashboard    *string `bun:"dashboard_uuid"`
	Name         string
	Cron         string
	Timezone     *string
	Enabled      bool
	Document     string
	CreatedBy    string     `bun:"created_by"`
	CreatedAt    time.Time  `bun:"created_at"`
	UpdatedAt    time.Time  `bun:"updated_at"`
	LookedUntil  *time.Time `bun:"looked_until"`
}

type targetRow struct {
	bun.BaseModel `bun:"table:delivery_targets"`

	UUID      string    `bun:"uuid,pk"`
	Delivery  string    `bun:"delivery_uuid"`
	Channel   *string   `bun:"channel"`
	Recipient *string   `bun:"recipient"`
	CreatedAt time.Time `bun:"created_at"`
	UpdatedAt time.Time `bun:"updated_at"`
}

// subject loads what a delivery is about, and checks that the principal may see it and send from its project.
func (s *Service) subject(ctx context.Context, who access.Principal, d *Delivery) error {
	if d.Dashboard != "" {
		dashboard, err := s.dashboard(ctx, who, d.Dashboard, access.View)
		if err != nil {
			return err
		}
		d.Project, d.Organization = dashboard.Project, dashboard.Organization
	} else {
		chart, err := s.chart(ctx, who, d.Chart, access.View)
		if err != nil {
			return err
		}
		d.Project, d.Organization = chart.Project, chart.Organization
	}
	if !access.Can(who, access.Create, in(Project{UUID: d.Project, Organization: d.Organization}, access.Deliveries)) {
		return forbidden()
	}
	return nil
}

func noDelivery() error { return fault.New(fault.NotFound, "Scheduler not found") }

// Delivery gives one delivery of the principal's organization to whoever may see what it sends. Faults: NotFound,
// Forbidden.
func (s *Service) Delivery(ctx context.Context, who access.Principal, id string) (*Delivery, error) {
	if !valid(id) {
		return nil, noDelivery()
	}
	found, err := s.deliveries(ctx, "uuid", id, who)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, noDelivery()
	}
	d := found[0]
	if d.Dashboard != "" {
		_, err = s.dashboard(ctx, who, d.Dashboard, access.View)
	} else {
		_, err = s.chart(ctx, who, d.Chart, access.View)
	}
	return &d, err
}

// deliveries reads those whose column has the value, by name.
func (s *Service) deliveries(ctx context.Context, column, value string, who access.Principal) ([]Delivery, error) {
	var rows []deliveryRow
	err := s.db.NewSelect().Model(&rows).Where("? = ?", bun.Ident(column), value).
		Where("organization_uuid = ?", who.Organization).Order("name", "created_at", "uuid").Scan(ctx)
	if err != nil || len(rows) == 0 {
		return []Delivery{}, err
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.UUID
	}
	targets, err := s.targetsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Delivery, len(rows))
	for i, row := range rows {
		if list[i], err = row.delivery(); err != nil {
			return nil, err
		}
		list[i].Targets = targets[row.UUID]
	}
	return list, nil
}

// targetsOf reads targets by delivery: channels first, then e-mail addresses.
func (s *Service) targetsOf(ctx context.Context, deliveries []string) (map[string][]DeliveryTarget, error) {
	var rows []targetRow
	err := s.db.NewSelect().Model(&rows).Where("delivery_uuid IN (?)", bun.List(deliveries)).
		OrderExpr("CASE WHEN channel IS NULL THEN 1 ELSE 0 END, created_at, uuid").Scan(ctx)
	targets := map[string][]DeliveryTarget{}
	for _, row := range rows {
		targets[row.Delivery] = append(targets[row.Delivery], DeliveryTarget{UUID: row.UUID, Channel: text(row.Channel),
			Recipient: text(row.Recipient), CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt})
	}
	return targets, err
}

func (r deliveryRow) delivery() (Delivery, error) {
	d := Delivery{UUID: r.UUID, Project: r.Project, Organization: r.Organization, Chart: text(r.Chart),
		Dashboard: text(r.Dashboard), Name: r.Name, Cron: r.Cron, Timezone: r.Timezone, Enabled: r.Enabled,
		CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt}
	return d, json.Unmarshal([]byte(r.Document), &d.Details)
}

// ChartDeliveries lists the deliveries of a chart. Faults: NotFound, Forbidden.
func (s *Service) ChartDeliveries(ctx context.Context, who access.Principal, chart string) ([]Delivery, error) {
	if err := s.subject(ctx, who, &Delivery{Chart: chart}); err != nil {
		return nil, err
	}
	return s.deliveries(ctx, "chart_uuid", chart, who)
}

// DashboardDeliveries lists the deliveries of a dashboard. Faults: NotFound, Forbidden.
func (s *Service) DashboardDeliveries(ctx context.Context, who access.Principal, dashboard string) ([]Delivery, error) {
	if err := s.subject(ctx, who, &Delivery{Dashboard: dashboard}); err != nil {
		return nil, err
	}
	return s.deliveries(ctx, "dashboard_uuid", dashboard, who)
}

// MaySend checks that somebody may send a delivery now, and completes it with where it belongs. Faults: NotFound,
// Forbidden, Invalid.
func (s *Service) MaySend(ctx context.Context, who access.Principal, d Delivery) (Delivery, error) {
	if err := s.subject(ctx, who, &d); err != nil {
		return d, err
	}
	if err := d.checkSending(); err != nil {
		return d, err
	}
	if !access.Can(who, access.Manage, in(Project{UUID: d.Project, Organization: d.Organization}, access.ExportCsv)) {
		return d, forbidden()
	}
	return d, nil
}

// DeliveryList is what a project sends, with the names of everything it mentions.
type DeliveryList struct {
	Deliveries         []Delivery
	People             []Person
	Charts, Dashboards []Named
}

// Named is a thing's uuid and name.
type Named struct{ UUID, Name string }

// Deliveries lists what a project sends of the charts and dashboards that the principal may see. Faults: NotFound,
// Forbidden.
func (s *Service) Deliveries(ctx context.Context, who access.Principal, project string) (*DeliveryList, error) {
	p, err := s.allowed(ctx, who, access.Update, access.Project, project)
	if err != nil {
		return nil, err
	}
	all, err := s.deliveries(ctx, "project_uuid", p.UUID, who)
	if err != nil {
		return nil, err
	}
	seen, err := s.visible(ctx, who, p.UUID)
	if err != nil {
		return nil, err
	}
	list := &DeliveryList{}
	charts, dashboards := ids(all, func(d Delivery) string { return d.Chart }), ids(all, func(d Delivery) string { return d.Dashboard })
	if list.Charts, err = s.namesIn(ctx, "charts", showing(who, seen, access.SavedChart), charts); err != nil {
		return nil, err
	}
	if list.Dashboards, err = s.namesIn(ctx, "dashboards", showing(who, seen, access.Dashboard), dashboards); err != nil {
		return nil, err
	}
	shown := append(uuidsOf(list.Charts), uuidsOf(list.Dashboards)...)
	list.Deliveries = slices.DeleteFunc(all, func(d Delivery) bool { return !slices.Contains(shown, d.Chart+d.Dashboard) })
	users := []*string{}
	for i := range list.Deliveries {
		users = append(users, &list.Deliveries[i].CreatedBy)
	}
	names, err := s.names(ctx, users...)
	for _, person := range names {
		list.People = append(list.People, person)
	}
	return list, err
}

func uuidsOf(list []Named) []string { return ids(list, func(n Named) string { return n.UUID }) }

// namesIn gives the names of those things of a table that lie in the spaces.
func (s *Service) namesIn(ctx context.Context, table string, spaces map[string]Space, of []string) ([]Named, error) {
	found := []Named{}
	if len(of) == 0 || len(spaces) == 0 {
		return found, nil
	}
	err := s.db.NewSelect().TableExpr(table).Column("uuid", "name").Where("uuid IN (?)", bun.List(of)).
		Where("space_uuid IN (?)", bun.List(keys(spaces))).Order("name").Scan(ctx, &found)
	return found, err
}

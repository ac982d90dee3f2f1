package identity

import (
	"context"
	"encoding/json"
	"time"

	"inlay/internal/access"
	"inlay/internal/fault"
)

const sealWarehouseLogin = "warehouse login"

// WarehouseLogin is somebody's own account at a warehouse. Its secrets are given to connections only.
type WarehouseLogin struct {
	UUID, User, Name string
	Type             string // of the warehouse, such as "postgres"
	Username         string // empty where the type has none
	Created, Updated time.Time
}

// WarehouseLogins lists the principal's own.
func (s *Service) WarehouseLogins(ctx context.Context, who access.Principal) ([]WarehouseLogin, error) {
	var rows []warehouseLoginRow
	err := s.db.NewSelect().Model(&rows).Where("user_id = ?", who.User).Order("created_at", "id").Scan(ctx)
	if err != nil {
		return nil, err
	}
	logins := make([]WarehouseLogin, len(rows))
	for i, row := range rows {
		if logins[i], err = s.warehouseLogin(row); err != nil {
			return nil, err
		}
	}
	return logins, nil
}

func (s *Service) warehouseLogin(row warehouseLoginRow) (WarehouseLogin, error) {
	settings, err := s.openLogin(row)
	username, _ := settings["user"].(string)
	return WarehouseLogin{row.ID, row.UserID, row.Name, row.Type, username, row.CreatedAt, row.UpdatedAt}, err
}

func (s *Service) openLogin(row warehouseLoginRow) (settings map[string]any, err error) {
	plain, err := s.secret.Open(sealWarehouseLogin, row.Sealed)
	if err != nil {
		return nil, err
	}
	return settings, json.Unmarshal(plain, &settings)
}

// SaveWarehouseLogin stores the principal's login, or with a uuid replaces one of theirs. Settings hold the type, the
// user and the secrets. Faults: NotFound.
func (s *Service) SaveWarehouseLogin(ctx context.Context, who access.Principal, id, name string, settings map[string]any) (WarehouseLogin, error) {
	plain, err := json.Marshal(settings)
	if err != nil {
		return WarehouseLogin{}, err
	}
	sealed, err := s.secret.Seal(sealWarehouseLogin, plain)
	if err != nil {
		return WarehouseLogin{}, err
	}
	kind, _ := settings["type"].(string)
	row := warehouseLoginRow{ID: id, UserID: who.User, Name: name, Type: kind, Sealed: sealed, UpdatedAt: s.now()}
	if id == "" {
		row.ID, row.CreatedAt = newID(), row.UpdatedAt
		if _, err := s.db.NewInsert().Model(&row).Exec(ctx); err != nil {
			return WarehouseLogin{}, err
		}
		return s.warehouseLogin(row)
	}
	err = s.db.NewUpdate().Model(&row).Column("name", "type", "sealed", "updated_at").WherePK().
		Where("user_id = ?", who.User).Returning("*").Scan(ctx)
	if err != nil {
		return WarehouseLogin{}, missing(err, "", "Warehouse credentials not found")
	}
	return s.warehouseLogin(row)
}

// DeleteWarehouseLogin deletes one of the principal's own. Faults: NotFound.
func (s *Service) DeleteWarehouseLogin(ctx context.Context, who access.Principal, id string) error {
	result, err := s.db.NewDelete().Model((*warehouseLoginRow)(nil)).Where("id = ?", id).Where("user_id = ?", who.User).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return firstError(err, fault.New(fault.NotFound, "Warehouse credentials not found"))
	}
	return nil
}

// ChosenLogin gives the login that the principal uses for a project: the one they chose, or the newest of the
// warehouse's type. found is false when there is none. Faults: NotFound, Forbidden.
func (s *Service) ChosenLogin(ctx context.Context, who access.Principal, project string) (login WarehouseLogin, found bool, err error) {
	if err := s.requireProject(ctx, who, access.View, project); err != nil {
		return login, false, err
	}
	row, found, err := s.chosenRow(ctx, who.User, project)
	if err != nil || !found {
		return login, false, err
	}
	login, err = s.warehouseLogin(row)
	return login, true, err
}

func (s *Service) chosenRow(ctx context.Context, user, project string) (warehouseLoginRow, bool, error) {
	kind, err := s.config.Projects.WarehouseType(ctx, project)
	if err != nil {
		return warehouseLoginRow{}, false, err
	}
	var rows []warehouseLoginRow
	err = s.db.NewRaw(`SELECT l.* FROM warehouse_logins l LEFT JOIN warehouse_login_choices c
		ON c.login_id = l.id AND c.user_id = l.user_id AND c.project_id = ? WHERE l.user_id = ? AND l.type = ?
		ORDER BY CASE WHEN c.login_id IS NULL THEN 1 ELSE 0 END, l.updated_at DESC LIMIT 1`, project, user, kind).
		Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return warehouseLoginRow{}, false, err
	}
	return rows[0], true, nil
}

// LoginSettings gives the secrets of the login that a user uses for a project, for the connection only; nil when there
// is none.
func (s *Service) LoginSettings(ctx context.Context, user, project string) (map[string]any, error) {
	row, found, err := s.chosenRow(ctx, user, project)
	if err != nil || !found {
		return nil, err
	}
	return s.openLogin(row)
}

// ChooseLogin makes the principal use one of their own logins for a project. Faults: NotFound, Forbidden, Invalid.
func (s *Service) ChooseLogin(ctx context.Context, who access.Principal, project, id string) error {
	if err := s.requireProject(ctx, who, access.View, project); err != nil {
		return err
	}
	row := warehouseLoginRow{}
	err := s.db.NewSelect().Model(&row).Where("id = ?", id).Where("user_id = ?", who.User).Scan(ctx)
	if err != nil {
		return missing(err, "", "Warehouse credentials not found")
	}
	kind, err := s.config.Projects.WarehouseType(ctx, project)
	if err != nil {
		return err
	}
	if kind != row.Type {
		return fault.New(fault.Invalid, "These credentials are for %s, and the project's warehouse is %s", row.Type, kind)
	}
	choice := warehouseChoiceRow{UserID: who.User, ProjectID: project, LoginID: id}
	_, err = s.db.NewInsert().Model(&choice).On("CONFLICT (user_id, project_id) DO UPDATE").
		Set("login_id = EXCLUDED.login_id").Exec(ctx)
	return err
}

// WarehouseLoginType gives the warehouse type of a user's own login. Faults: NotFound.
func (s *Service) WarehouseLoginType(ctx context.Context, user, id string) (kind string, err error) {
	err = s.db.NewRaw("SELECT type FROM warehouse_logins WHERE id = ? AND user_id = ?", id, user).Scan(ctx, &kind)
	return kind, missing(err, "", "Warehouse credentials not found")
}

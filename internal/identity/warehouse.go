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

// LoginSettings gives the settings of one of a user's logins with its secrets, for the connection only. Faults: NotFound.
func (s *Service) LoginSettings(ctx context.Context, user, id string) (map[string]any, error) {
	row := warehouseLoginRow{}
	err := s.db.NewSelect().Model(&row).Where("id = ?", id).Where("user_id = ?", user).Scan(ctx)
	if err != nil {
		return nil, missing(err, "", "Warehouse credentials not found")
	}
	return s.openLogin(row)
}

package store

import (
	"errors"
	"strings"

	"github.com/klatch/klatch/fault"
)

// OpenFault returns an error of OpenWith or Probe as the fault that names what the operator can do about it.
func OpenFault(url string, err error) *fault.Error {
	if wrong, ok := errors.AsType[*SecretKeyError](err); ok {
		return fault.StartupFailedSecretKey(wrong.Error()).Because(err)
	}
	if used, ok := errors.AsType[*InUseError](err); ok {
		const alone, node = "a server alone", "a node of a cluster"
		switch {
		case used.Cluster:
			return fault.StartupFailedDatabaseNotShared(used.Holder, node, alone, used.Waited).Because(err)
		case used.Alone:
			return fault.StartupFailedDatabaseNotShared(used.Holder, alone, node, used.Waited).Because(err)
		}
		return fault.StartupFailedDatabaseInUse(used.Holder, used.Waited).Because(err)
	}
	if pooled, ok := errors.AsType[*PooledError](err); ok {
		return fault.StartupFailedDatabasePooled(pooled.Setting).Because(err)
	}
	if _, ok := errors.AsType[*OtherDatabaseError](err); ok {
		const shown = "an address of another database"
		return fault.ConfigInvalidBadValue("database.lockUrl", "configuration", shown,
			"a direct address of the database that database.url names").
			Because(err)
	}
	if refused, ok := errors.AsType[*PostgresError](err); ok {
		role, database, server := PostgresNames(url)
		switch {
		case refused.Code == "3D000": // invalid_catalog_name
			return fault.StartupFailedNoSuchDatabase(database, server).Because(err)
		case strings.HasPrefix(refused.Code, "28"): // invalid authorization
			return fault.StartupFailedDatabaseRole(role, server, refused.Message).Because(err)
		case refused.Code == "42501": // insufficient_privilege
			return fault.StartupFailedDatabaseRights(role, database, refused.Message).Because(err)
		}
	}
	return fault.StartupFailedDatabase(err.Error()).Because(err)
}

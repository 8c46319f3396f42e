package store

import (
	"context"

	"github.com/klatch/klatch/internal/record"
)

// list reads one page of T. from begins with FROM and holds no condition; fields returns the scan targets of
// columns, in their order.
func list[T any](
	ctx context.Context,
	s *Store,
	op, columns, from, order string,
	f filter,
	page record.Page,
	fields func(*T) []any,
) (record.List[T], error) {
	out := record.List[T]{Items: []T{}}
	err := s.row(ctx, s.read, `SELECT COUNT(*)`+from+f.where(), f.args...).Scan(&out.Total)
	if err != nil {
		return out, opError(op, err)
	}
	limit, offset := limitOffset(page)
	err = s.rows(ctx, s.read, func(row scanner) error {
		var item T
		if err := row.Scan(fields(&item)...); err != nil {
			return err
		}
		out.Items = append(out.Items, item)
		return nil
	}, `SELECT `+columns+from+f.where()+` ORDER BY `+order+` LIMIT ? OFFSET ?`, append(f.args, limit, offset)...)
	return out, opError(op, err)
}

"""The knowledge base: flags, facts, the copy library, pictures, and what a revision was called."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_media_brand_id_brand")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_media_created_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("brand_id", "digest", name=op.f("uq_media_brand_id_digest")),
    )
    op.create_table(
        "material_media",
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_material_media_material_id_material")
        ),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_material_media_media_id_media")),
        sa.PrimaryKeyConstraint("material_id", "media_id", name=op.f("pk_material_media")),
    )
    with op.batch_alter_table("material_media", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_media_media_id"), ["media_id"], unique=False)

    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("amount", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_fact_brand_id_brand")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_fact_decided_by_user")),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name=op.f("fk_fact_material_id_material")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_fact_owner_id_user")),
        sa.ForeignKeyConstraint(["passage_id"], ["passage.id"], name=op.f("fk_fact_passage_id_passage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index("ix_fact_brand_status", ["brand_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_fact_material_id"), ["material_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fact_passage_id"), ["passage_id"], unique=False)

    op.create_table(
        "fact_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("before_quote", sa.String(), nullable=False),
        sa.Column("before_passage_id", sa.Integer(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("after_amount", sa.String(), nullable=False),
        sa.Column("after_unit", sa.String(), nullable=False),
        sa.Column("after_quote", sa.String(), nullable=False),
        sa.Column("after_passage_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["after_passage_id"], ["passage.id"], name=op.f("fk_fact_change_after_passage_id_passage")
        ),
        sa.ForeignKeyConstraint(
            ["before_passage_id"], ["passage.id"], name=op.f("fk_fact_change_before_passage_id_passage")
        ),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_fact_change_brand_id_brand")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_fact_change_decided_by_user")),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_fact_change_fact_id_fact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_change")),
    )
    with op.batch_alter_table("fact_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_change_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fact_change_fact_id"), ["fact_id"], unique=False)

    op.create_table(
        "copy_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("scene", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["user.id"], name=op.f("fk_copy_entry_approver_id_user")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_copy_entry_author_id_user")),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_copy_entry_brand_id_brand")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_copy_entry_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_entry")),
    )
    with op.batch_alter_table("copy_entry", schema=None) as batch_op:
        batch_op.create_index("ix_copy_entry_brand_status", ["brand_id", "status"], unique=False)

    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("now", sa.String(), nullable=False),
        sa.Column("patches", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_flag_brand_id_brand")),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name=op.f("fk_flag_material_id_material")),
        sa.ForeignKeyConstraint(["passage_id"], ["passage.id"], name=op.f("fk_flag_passage_id_passage")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_flag_post_id_post")),
        sa.ForeignKeyConstraint(["resolved_by"], ["user.id"], name=op.f("fk_flag_resolved_by_user")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_flag_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flag_material_id"), ["material_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flag_post_id"), ["post_id"], unique=False)
        batch_op.create_index("ix_flag_revision_resolved", ["revision_id", "resolved_at"], unique=False)

    op.create_table(
        "copy_citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["copy_entry.id"], name=op.f("fk_copy_citation_entry_id_copy_entry")
        ),
        sa.ForeignKeyConstraint(
            ["passage_id"], ["passage.id"], name=op.f("fk_copy_citation_passage_id_passage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_citation")),
        sa.UniqueConstraint(
            "entry_id", "passage_id", "quote", name=op.f("uq_copy_citation_entry_id_passage_id_quote")
        ),
    )
    with op.batch_alter_table("copy_citation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_copy_citation_passage_id"), ["passage_id"], unique=False)

    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names", sa.JSON(), nullable=False, server_default="[]"))

    with op.batch_alter_table("material_revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cause", sa.String(), nullable=False, server_default="file"))
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))

    # What stands in the library was called so until now; what it was called before, nobody wrote down.
    op.execute(
        "UPDATE material_revision SET (kind, title) = "
        "(SELECT kind, title FROM material WHERE material.id = material_revision.material_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("material_revision", schema=None) as batch_op:
        batch_op.drop_column("title")
        batch_op.drop_column("kind")
        batch_op.drop_column("cause")

    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.drop_column("names")

    with op.batch_alter_table("copy_citation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_copy_citation_passage_id"))

    op.drop_table("copy_citation")
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_index("ix_flag_revision_resolved")
        batch_op.drop_index(batch_op.f("ix_flag_post_id"))
        batch_op.drop_index(batch_op.f("ix_flag_material_id"))

    op.drop_table("flag")
    with op.batch_alter_table("copy_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_copy_entry_brand_status")

    op.drop_table("copy_entry")
    with op.batch_alter_table("fact_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fact_change_fact_id"))
        batch_op.drop_index(batch_op.f("ix_fact_change_brand_id"))

    op.drop_table("fact_change")
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fact_passage_id"))
        batch_op.drop_index(batch_op.f("ix_fact_material_id"))
        batch_op.drop_index("ix_fact_brand_status")

    op.drop_table("fact")
    with op.batch_alter_table("material_media", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_media_media_id"))

    op.drop_table("material_media")
    op.drop_table("media")

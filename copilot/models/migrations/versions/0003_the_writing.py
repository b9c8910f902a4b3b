"""Voice, columns and the writing: variants, cards, occasions, usage, evaluations, questions and scripts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("writer", sa.String(), nullable=False),
        sa.Column("prompts", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("drafts", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_evaluation_brand_id_brand")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_evaluation_created_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
    )
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "featured_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_featured_decision_brand_id_brand")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user.id"], name=op.f("fk_featured_decision_decided_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_featured_decision")),
        sa.UniqueConstraint("brand_id", "key", name=op.f("uq_featured_decision_brand_id_key")),
    )
    op.create_table(
        "main_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_main_line_brand_id_brand")),
        sa.ForeignKeyConstraint(["set_by"], ["user.id"], name=op.f("fk_main_line_set_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_main_line")),
        sa.UniqueConstraint("brand_id", "week", name=op.f("uq_main_line_brand_id_week")),
    )
    op.create_table(
        "node",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_node_brand_id_brand")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_node_created_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
    )
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_node_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_question_asked_by_user")),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_question_brand_id_brand")),
        sa.ForeignKeyConstraint(["settled_by"], ["user.id"], name=op.f("fk_question_settled_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_brand_state", ["brand_id", "state"], unique=False)

    op.create_table(
        "usage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=True),
        sa.Column("output_tokens", sa.Integer(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_usage_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage")),
    )
    with op.batch_alter_table("usage", schema=None) as batch_op:
        batch_op.create_index("ix_usage_brand_at", ["brand_id", "at"], unique=False)

    op.create_table(
        "voice_candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_voice_candidate_brand_id_brand")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_voice_candidate_decided_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_candidate")),
        sa.UniqueConstraint("brand_id", "kind", "key", name=op.f("uq_voice_candidate_brand_id_kind_key")),
    )
    op.create_table(
        "voice_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("samples", sa.JSON(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_voice_card_brand_id_brand")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_voice_card_created_by_user")),
        sa.ForeignKeyConstraint(["decided_by"], ["user.id"], name=op.f("fk_voice_card_decided_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_card")),
    )
    with op.batch_alter_table("voice_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_voice_card_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "script",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_script_brand_id_brand")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_script_created_by_user")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_script_post_id_post")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_script_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script")),
    )
    with op.batch_alter_table("script", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_script_post_id"), ["post_id"], unique=False)

    op.create_table(
        "variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("generation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("checked", sa.JSON(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["generation_id"], ["generation.id"], name=op.f("fk_variant_generation_id_generation")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_variant_post_id_post")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_variant_revision_id_revision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
    )
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variant_post_id"), ["post_id"], unique=False)

    with op.batch_alter_table("brand", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rest_days", sa.Integer(), nullable=False, server_default="14"))
        batch_op.add_column(sa.Column("model_budget", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("generation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("job_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="draft"))
        batch_op.add_column(sa.Column("payload", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.create_unique_constraint(batch_op.f("uq_generation_job_id_post_id"), ["job_id", "post_id"])
        batch_op.create_foreign_key(batch_op.f("fk_generation_job_id_job"), "job", ["job_id"], ["id"])

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("cancel_requested", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("sop", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_sop_author_id_user"), "user", ["author_id"], ["id"])

    with op.batch_alter_table("voice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_voice_author_id_user"), "user", ["author_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("voice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_voice_author_id_user"), type_="foreignkey")
        batch_op.drop_column("author_id")
        batch_op.drop_column("note")

    with op.batch_alter_table("sop", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_sop_author_id_user"), type_="foreignkey")
        batch_op.drop_column("author_id")
        batch_op.drop_column("note")

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("cancel_requested")

    with op.batch_alter_table("generation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_generation_job_id_job"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_generation_job_id_post_id"), type_="unique")
        batch_op.drop_column("payload")
        batch_op.drop_column("kind")
        batch_op.drop_column("job_id")

    with op.batch_alter_table("brand", schema=None) as batch_op:
        batch_op.drop_column("model_budget")
        batch_op.drop_column("rest_days")

    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variant_post_id"))

    op.drop_table("variant")
    with op.batch_alter_table("script", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_script_post_id"))

    op.drop_table("script")
    with op.batch_alter_table("voice_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voice_card_brand_id"))

    op.drop_table("voice_card")
    op.drop_table("voice_candidate")
    with op.batch_alter_table("usage", schema=None) as batch_op:
        batch_op.drop_index("ix_usage_brand_at")

    op.drop_table("usage")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("ix_question_brand_state")

    op.drop_table("question")
    with op.batch_alter_table("node", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_node_brand_id"))

    op.drop_table("node")
    op.drop_table("main_line")
    op.drop_table("featured_decision")
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_brand_id"))

    op.drop_table("evaluation")

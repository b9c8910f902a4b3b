"""The one composition root: builds all services from a Config, without Flask."""

from __future__ import annotations

import errno
import os
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from argon2 import PasswordHasher

from copilot import files
from copilot.adapters.blobs import FolderBlobs
from copilot.adapters.channels.manual import ManualPublisher
from copilot.adapters.embeddings.bundled import BundledEmbedder
from copilot.adapters.embeddings.openai_compatible import OpenAIEmbedder
from copilot.adapters.index.chroma import ChromaIndex
from copilot.adapters.jobs import HueyQueue
from copilot.adapters.llm.composer import Composer
from copilot.adapters.llm.composer.followups import compose as follow_up
from copilot.adapters.llm.composer.replying import compose
from copilot.adapters.llm.local import LocalServer, LocalWriter
from copilot.adapters.llm.openai_compatible import ChatWriter
from copilot.adapters.ownership import Ownership
from copilot.adapters.pictures import BoundedPictureReader
from copilot.adapters.readers.bounded import BoundedReader
from copilot.config import Config
from copilot.domain.endpoints import OPENAI, Connection, Preset, preset_of, resolved, shown
from copilot.errors import InvalidInput
from copilot.models import migrations
from copilot.models.database import Database
from copilot.ports import Clock, Embedder
from copilot.prompts import Prompts
from copilot.services.accounts import Accounts
from copilot.services.brandfolders import BrandFolders
from copilot.services.brands import Brands
from copilot.services.checking import Checking
from copilot.services.copylibrary import CopyLibrary
from copilot.services.deciding import Deciding
from copilot.services.delivering import Delivering
from copilot.services.demo import Demo
from copilot.services.democrew import Crew
from copilot.services.drafteval import DraftEval
from copilot.services.drafting import Drafting
from copilot.services.embedding import CachedEmbedder
from copilot.services.entailing import Entailing
from copilot.services.entailjobs import entail_handlers
from copilot.services.events import Events
from copilot.services.exchangejobs import exchange_handlers
from copilot.services.exporting import Exporting
from copilot.services.factreading import FactReading
from copilot.services.facts import Facts
from copilot.services.handlers import handlers
from copilot.services.house import Parts, Services
from copilot.services.importing import Importing
from copilot.services.indexing import Indexing
from copilot.services.ingestion import Ingestion
from copilot.services.jobs import Jobs
from copilot.services.lifecycle import Lifecycle
from copilot.services.livechecking import LiveChecking
from copilot.services.meaning import Meaning
from copilot.services.media import MediaLibrary
from copilot.services.mending import Mending
from copilot.services.modelcare import ModelCare, Prices
from copilot.services.occasions import Occasions
from copilot.services.planning import Planning
from copilot.services.queries import (
    CalendarQueries,
    CopyLibraryQueries,
    DeskQueries,
    EvaluationQueries,
    FactQueries,
    GapQueries,
    LibraryQueries,
    MediaQueries,
    OccasionQueries,
    ReplyQueries,
    RulingQueries,
    ScriptQueries,
    SendDeskQueries,
    SopQueries,
    StoryQueries,
    TodayQueries,
    TraceQueries,
    UsageQueries,
    VoiceCardQueries,
    VoiceLearningQueries,
    VoiceQueries,
)
from copilot.services.replying import Replying
from copilot.services.replyjobs import reply_handlers
from copilot.services.retrieval import Retrieval
from copilot.services.reviewing import Reviewing
from copilot.services.revising import Revising
from copilot.services.rulings import Rulings
from copilot.services.scheduling import Scheduling
from copilot.services.scriptjobs import script_handlers
from copilot.services.scripts import Scripts
from copilot.services.settings import Settings
from copilot.services.sops import Sops
from copilot.services.stories import Stories
from copilot.services.supplying import Supplying
from copilot.services.ticking import Ticking
from copilot.services.tonejudging import ToneJudging
from copilot.services.translating import Translating
from copilot.services.variants import Variants
from copilot.services.voicecards import VoiceCards, voice_handlers
from copilot.services.voicelearning import VoiceLearning
from copilot.services.voices import Voices
from copilot.services.waiving import Waiving
from copilot.services.weeks import Weeks
from copilot.services.writing import Writing
from copilot.wording import word


def utc_now() -> datetime:
    return datetime.now(UTC)


def parts(config: Config, *, clock: Clock = utc_now) -> Parts:
    """The real things, built but not yet opened: heavy ones load on first use."""
    db = Database(config.database)
    embedder = CachedEmbedder(db=db, embedder=_embedder(config))
    composer, model = Composer(), _model(config)
    return Parts(
        db=db,
        clock=clock,
        embedder=embedder,
        index=ChromaIndex(path=config.data_dir / "chroma", embedder=embedder),
        writer=model or composer,
        composer=composer,
        answerer=model,
        publishers={"manual": ManualPublisher()},
        blobs=FolderBlobs(config.data_dir / "blobs"),
        pictures=BoundedPictureReader(),
        queue=HueyQueue(config.data_dir / "huey.db"),
        prompts=Prompts.load(files.folder("prompts")),
    )


def require_folder(config: Config) -> None:
    """Makes the data folder; InvalidInput names it where nothing can be written to it."""
    try:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        if not os.access(config.data_dir, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as exc:
        raise InvalidInput(
            {"COPILOT_DATA_DIR": "invalid.unwritable"}, value=str(config.data_dir), detail=exc.strerror
        ) from exc


def prepare(config: Config) -> None:
    """Makes the data folder and brings the database to the newest schema."""
    require_folder(config)
    db = Database(config.database)
    try:
        migrations.upgrade(db.engine)
    finally:
        db.dispose()


def build(config: Config, *, clock: Clock = utc_now, made: Parts | None = None) -> Services:
    """All services over real parts, or over those that a test made."""
    return _compose(config, made or parts(config, clock=clock))


def _compose(config: Config, made: Parts) -> Services:
    db, clock = made.db, made.clock
    hasher = PasswordHasher(time_cost=config.password_cost, memory_cost=config.password_memory)
    accounts = Accounts(db=db, clock=clock, hasher=hasher)
    brands = Brands(db=db, clock=clock)
    folders = BrandFolders(db=db, clock=clock)
    indexing = Indexing(db=db, clock=clock, embedder=made.embedder, index=made.index)
    read = BoundedReader()
    ingestion = Ingestion(
        db=db, clock=clock, read=read, embedder=made.embedder, indexing=indexing, blobs=made.blobs
    )
    lifecycle = Lifecycle(db=db, clock=clock, ingestion=ingestion, indexing=indexing)
    facts = Facts(db=db, clock=clock)
    care = ModelCare(
        db=db,
        clock=clock,
        writer=made.writer,
        answerer=made.answerer,
        prices=Prices(config.llm_price_input, config.llm_price_output, config.llm_currency),
        at_once=config.at_once,
    )
    factreading = FactReading(db=db, clock=clock, care=care, prompts=made.prompts)
    retrieval = Retrieval(db=db, index=made.index)
    meaning = Meaning(embedder=made.embedder)
    checking = Checking(
        db=db, clock=clock, retrieval=retrieval, meaning=meaning, read=read, prompts=made.prompts
    )
    planning = Planning(db=db, clock=clock)
    events = Events(db=db, clock=clock)
    writing = Writing(
        supplying=Supplying(db=db, retrieval=retrieval, composer=made.composer),
        checking=checking,
        mending=Mending(checking=checking, prompts=made.prompts, word=word),
        care=care,
        composer=made.composer,
        prompts=made.prompts,
    )
    drafting = Drafting(db=db, clock=clock, writing=writing, events=events)
    drafteval = DraftEval(db=db, clock=clock, writing=writing, care=care, prompts=made.prompts)
    translating = Translating(db=db, planning=planning, drafting=drafting)
    weeks = Weeks(db=db, clock=clock, planning=planning, drafting=drafting, care=care)
    media = MediaLibrary(db=db, clock=clock, read=made.pictures, blobs=made.blobs)
    reviewing = Reviewing(db=db, clock=clock, checking=checking)
    scheduling = Scheduling(db=db, clock=clock)
    copylibrary = CopyLibrary(db=db, clock=clock, checking=checking)
    copyshelf = CopyLibraryQueries(db=db, clock=clock)
    delivering = Delivering(db=db, clock=clock, publishers=made.publishers)
    desk = DeskQueries(db=db, clock=clock)
    exporting = Exporting(db=db, read=read, blobs=made.blobs)
    importing = Importing(
        db=db,
        clock=clock,
        blobs=made.blobs,
        accounts=accounts,
        folders=folders,
        ingestion=ingestion,
        lifecycle=lifecycle,
        media=media,
        deciding=Deciding(db=db, facts=facts, copylibrary=copylibrary),
    )
    table = handlers(
        ingestion=ingestion,
        lifecycle=lifecycle,
        indexing=indexing,
        factreading=factreading,
        retrieval=retrieval,
        drafting=drafting,
        weeks=weeks,
        translating=translating,
        drafteval=drafteval,
        checking=checking,
        planning=planning,
        reviewing=reviewing,
        copylibrary=copylibrary,
        accounts=accounts,
        desk=desk,
        blobs=made.blobs,
    )
    table |= exchange_handlers(importing=importing, exporting=exporting)
    voicecards = VoiceCards(db=db, clock=clock, care=care, prompts=made.prompts)
    learning = VoiceLearning(db=db, clock=clock)
    table |= voice_handlers(voicecards)
    replying = Replying(
        db=db,
        clock=clock,
        retrieval=retrieval,
        embedder=made.embedder,
        checking=checking,
        care=care,
        compose=compose,
        prompts=made.prompts,
    )
    scripts = Scripts(
        db=db, clock=clock, checking=checking, care=care, compose=follow_up, prompts=made.prompts
    )
    scriptsheet = ScriptQueries(db=db)
    table |= script_handlers(scripts=scripts, queries=scriptsheet, accounts=accounts)
    replies = ReplyQueries(db=db, clock=clock, copyshelf=copyshelf)
    table |= reply_handlers(replying=replying, queries=replies, accounts=accounts)
    entailing = Entailing(
        db=db,
        clock=clock,
        checking=checking,
        retrieval=retrieval,
        meaning=meaning,
        care=care,
        prompts=made.prompts,
    )
    table |= entail_handlers(entailing=entailing, accounts=accounts, db=db)
    jobs = Jobs(db=db, clock=clock, queue=made.queue, handlers=table)
    calendar = CalendarQueries(db=db, clock=clock)
    sops = Sops(db=db, clock=clock)
    senddesk = SendDeskQueries(db=db, clock=clock)

    def crew(travelling: Clock) -> Crew:
        """The same house on another clock, and always with the composer: a demo costs nobody a key."""
        lived = _compose(config, replace(made, clock=travelling, writer=made.composer))
        return Crew(
            accounts=lived.accounts,
            brands=lived.brands,
            folders=lived.folders,
            ingestion=lived.ingestion,
            lifecycle=lived.lifecycle,
            facts=lived.facts,
            factsheet=lived.factsheet,
            planning=lived.planning,
            drafting=lived.drafting,
            revising=lived.revising,
            reviewing=lived.reviewing,
            scheduling=lived.scheduling,
            delivering=lived.delivering,
            calendar=lived.calendar,
            desk=lived.desk,
            senddesk=lived.senddesk,
            copylibrary=lived.copylibrary,
            copyshelf=lived.copyshelf,
            media=lived.media,
            pictures=lived.pictures,
            replying=lived.replying,
            questions=lived.replies,
        )

    return Services(
        demo_mode=config.demo,
        secret_key=_secret_key(config),
        tick_seconds=config.tick_seconds,
        ownership=Ownership(config.data_dir),
        parts=made,
        handlers=table,
        accounts=accounts,
        brands=brands,
        folders=folders,
        ingestion=ingestion,
        lifecycle=lifecycle,
        importing=importing,
        exporting=exporting,
        telling=Stories(db=db, ingestion=ingestion, lifecycle=lifecycle),
        indexing=indexing,
        facts=facts,
        care=care,
        settings=Settings(
            db=db,
            clock=clock,
            care=care,
            prompts=made.prompts,
            model=connection(config),
            embedding=_embedding(config, made.embedder),
        ),
        usage=UsageQueries(db=db, clock=clock),
        factreading=factreading,
        factsheet=FactQueries(db=db, clock=clock),
        retrieval=retrieval,
        checking=checking,
        planning=planning,
        sops=sops,
        occasions=Occasions(db=db, clock=clock, sops=sops),
        almanac=OccasionQueries(db=db, clock=clock),
        events=events,
        writing=writing,
        drafting=drafting,
        variants=Variants(db=db, clock=clock, checking=checking),
        weeks=weeks,
        translating=translating,
        scripts=scripts,
        scriptsheet=scriptsheet,
        drafteval=drafteval,
        evaluations=EvaluationQueries(db=db),
        revising=Revising(db=db, clock=clock, checking=checking),
        tone=ToneJudging(db=db, care=care, prompts=made.prompts),
        entailing=entailing,
        live=LiveChecking(db=db, clock=clock, checking=checking, desk=desk),
        reviewing=reviewing,
        waiving=Waiving(db=db, clock=clock),
        scheduling=scheduling,
        delivering=delivering,
        copylibrary=copylibrary,
        media=media,
        jobs=jobs,
        ticking=Ticking(
            db=db,
            clock=clock,
            planning=planning,
            delivering=delivering,
            drafting=drafting,
            jobs=jobs,
            learning=learning,
        ),
        demo=Demo(clock=clock, crew=crew, samples=files.folder("knowledge_base")),
        today=TodayQueries(db=db, clock=clock),
        calendar=calendar,
        desk=desk,
        library=LibraryQueries(db=db, clock=clock),
        gaps=GapQueries(db=db, clock=clock),
        stories=StoryQueries(db=db, clock=clock, blobs=made.blobs),
        timetable=SopQueries(db=db, clock=clock),
        senddesk=senddesk,
        trace=TraceQueries(db=db),
        pictures=MediaQueries(db=db),
        copyshelf=copyshelf,
        replying=replying,
        replies=replies,
        voices=Voices(db=db, clock=clock),
        voicecards=voicecards,
        learning=learning,
        voicesheet=VoiceQueries(db=db),
        voicecardsheet=VoiceCardQueries(db=db),
        lessons=VoiceLearningQueries(db=db),
        rulings=Rulings(db=db, clock=clock),
        rulesheet=RulingQueries(db=db, clock=clock),
    )


def _secret_key(config: Config) -> str:
    """The key that signs sessions: the configured one, or one of the data folder's own, made once."""
    given = config.secret_key.get_secret_value()
    if given:
        return given
    path = config.data_dir / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def _embedder(config: Config) -> Embedder:
    if config.embedding_base_url or config.embedding_model:
        return OpenAIEmbedder(
            base_url=config.embedding_base_url,
            api_key=config.embedding_api_key.get_secret_value(),
            model=config.embedding_model,
        )
    return BundledEmbedder()


def _model(config: Config) -> ChatWriter | None:
    """The configured model; None means that the offline composer writes, and that rules alone read facts."""
    if not config.has_model:
        return None
    if config.llm_gguf is not None:
        if config.llm_base_url:
            raise InvalidInput({"COPILOT_LLM_GGUF": "invalid.two_models"})
        server = LocalServer(
            config.llm_gguf,
            context=config.llm_gguf_context,
            parallel=config.llm_gguf_parallel,
            threads=config.llm_gguf_threads,
        )
        return LocalWriter(server, deadline=config.llm_deadline, model=config.llm_model)
    chosen = connection(config)
    return ChatWriter(
        base_url=config.llm_base_url,
        api_key=_key(config, chosen.preset),
        model=chosen.model,
        deadline=config.llm_deadline,
    )


def connection(config: Config) -> Connection:
    """Which model the settings choose, without what they keep secret."""
    if not config.has_model:
        return Connection("", "", "")
    if config.llm_gguf is not None:
        path = config.llm_gguf
        return Connection(config.llm_model or path.stem, str(path), "COPILOT_LLM_GGUF")
    address = resolved(config.llm_base_url) or OPENAI.base_url
    preset = preset_of(address)
    given = (
        ("COPILOT_LLM_BASE_URL", config.llm_base_url),
        ("COPILOT_LLM_MODEL", config.llm_model),
        ("OPENAI_API_KEY", True),
    )
    return Connection(
        model=config.llm_model or (preset or OPENAI).model,
        address=shown(address),
        source=next(name for name, value in given if value),
        preset=preset,
        has_key=bool(_key(config, preset)),
    )


def _key(config: Config, preset: Preset | None) -> str:
    """OpenAI's own variable holds a key of OpenAI's: nobody else is shown it."""
    theirs = config.openai_api_key.get_secret_value() if preset is OPENAI else ""
    return config.llm_api_key.get_secret_value() or theirs


def _embedding(config: Config, embedder: Embedder) -> Connection:
    if config.embedding_base_url or config.embedding_model:
        address = config.embedding_base_url or OPENAI.base_url
        return Connection(config.embedding_model, shown(address), "COPILOT_EMBEDDING_MODEL")
    return Connection(embedder.name, "", "")

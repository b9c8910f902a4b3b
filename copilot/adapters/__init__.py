"""The only importers of langchain, openai, chromadb and the readers' libraries; each fulfils a port."""

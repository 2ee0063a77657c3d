"""The pages that people use: sources in TypeScript, how they are built (`build`) and how they are served (`pages`)."""

# Everything runs from .venv, which `make setup` builds; only schemathesis needs an environment of
# its own. A target's help is what follows ##.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-contract run train test test-full check-shared check docs nlu lint bench \
	lock clean system
# Another project's environment must not leak into this one.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

HOST ?= 127.0.0.1
PORT ?= 5005
WORKERS ?= 1
SHARED ?= ../shared

yibao := .venv/bin/yibao
pytest := .venv/bin/python -m pytest

help: ## 列出全部命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## 建立 .venv 并安装锁定的软件包；已是最新则立即返回
	@scripts/setup.sh

setup-contract: setup ## 建立 .venv-contract：make test 用它核对接口约定；已是最新则立即返回
	@scripts/setup-contract.sh

run: setup ## 启动市民咨询网页，缺少或过期的模型会先训练（HOST=127.0.0.1 PORT=5005；WORKERS=2 REDIS_URL=redis://… 用多个进程）
	@$(if $(REDIS_URL),YIBAO_REDIS_URL="$(REDIS_URL)") exec $(yibao) run --host $(HOST) --port $(PORT) --workers $(WORKERS)

train: setup ## 训练模型；输入没有变化则立即返回
	@$(yibao) train

test: setup setup-contract system train ## 运行测试，不含耗时长的和需要 shared 目录的
	@$(pytest) -n 2 --dist loadfile -m "not full and not shared"

test-full: setup setup-contract system train ## 运行 make test 略过的耗时长的测试
	@$(pytest) -m "full and not shared"

check-shared: ## 用指南全文和开发数据核对（SHARED=../shared）
	@[ -d "$(SHARED)/guides" ] || { \
		echo "找不到 $(SHARED)/guides：请把 shared 目录放在项目旁边，或用 make check-shared SHARED=目录 指定。" >&2; \
		exit 1; }
	@$(MAKE) --no-print-directory setup train
	@$(yibao) kb check --guides "$(SHARED)/guides"
	@$(yibao) kb coverage --guides "$(SHARED)/guides"
	@$(yibao) kb lint
	@SHARED="$(SHARED)" $(pytest) -m shared

check: lint ## 检查代码与知识库
	@$(yibao) kb check
	@$(yibao) kb lint

docs: setup ## 由知识库重新写 docs 里的流程图和问题数
	@$(yibao) kb paths --write docs/paths.md
	@$(yibao) kb flows --write docs/flows

nlu: setup train ## 由训练数据和评测重新写 docs/nlu.md、docs/nlu-data.md 的数字和图（十来分钟）
	@$(yibao) training-data --page docs/nlu-data.md >/dev/null
	@$(yibao) cross-validate --pictures docs/nlu/training --page docs/nlu.md >/dev/null
	@$(yibao) evaluate tests/understanding/questions.jsonl --disturbed \
		--pictures docs/nlu/own --page docs/nlu.md --mark own >/dev/null
	@[ ! -f "$(SHARED)/dev/questions.jsonl" ] || $(yibao) evaluate "$(SHARED)/dev/questions.jsonl" \
		--disturbed --pictures docs/nlu/dev --page docs/nlu.md --mark dev >/dev/null

lint: setup ## 检查代码风格
	@.venv/bin/ruff check .

bench: setup train ## 测量速度与内存
	@.venv/bin/python -m benchmarks

lock: setup ## 按 requirements*.in 重新生成 requirements*.lock（UPGRADE=1 升级全部）
	@.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.10 $(if $(UPGRADE),--upgrade) requirements.in -o requirements.lock
	@.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.10 $(if $(UPGRADE),--upgrade) requirements-contract.in \
		-o requirements-contract.lock

clean: ## 删除可以重新生成的一切；var/ 里的会话与记录不动
	rm -rf .venv .venv-contract models .rasa build *.egg-info .pytest_cache .hypothesis .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system: ## 安装测试所需的 Chromium、中文字体、Redis、nginx、PostgreSQL（需要 root）
	@scripts/install-system-packages.sh

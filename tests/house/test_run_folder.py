"""A test run leaves nothing behind, and clears what a killed one left."""

from tests.services import run_folder


def test_folder_is_removed_at_the_end(tmp_path, monkeypatch):
    """Nothing of the run remains."""
    monkeypatch.setenv(run_folder.VARIABLE, "")
    with run_folder.opened(tmp_path) as folder:
        assert run_folder.current() == folder
        (folder / "file").touch()
    assert not list(tmp_path.iterdir())


def test_folder_in_use_is_not_swept(tmp_path, monkeypatch):
    """A run beside ours keeps its folder."""
    monkeypatch.setenv(run_folder.VARIABLE, "")
    with run_folder.opened(tmp_path) as folder:
        run_folder.sweep(tmp_path)
        assert folder.is_dir()


def test_leftover_is_swept(tmp_path):
    """A folder nobody holds is removed."""
    leftover = tmp_path / "punchout-tests-old"
    leftover.mkdir()
    (leftover / "alive").touch()
    run_folder.sweep(tmp_path)
    assert not leftover.exists()

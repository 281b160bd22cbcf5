from __future__ import annotations

import pytest

from benchmarks.side_by_side.training_log import Epochs, read_epochs, reckon_whole

_LOG = (
    "01:47:05 INFO  rasa.engine.training.hooks  - Starting to train component 'DIETClassifier'.\n"
    "\rEpochs:   0%|          | 0/5 [00:00<?, ?it/s]"
    "\rEpochs:  20%|██        | 1/5 [00:48<03:12, 48.68s/it]"
    "\rEpochs:  20%|██        | 1/5 [00:48<03:12, 48.68s/it, t_loss=4.58, i_acc=0.73, e_f1=0.0192]"
    "\rEpochs:  40%|████      | 2/5 [01:20<01:50, 40.00s/it, t_loss=4.58, i_acc=0.73, e_f1=0.0192]"
    "\rEpochs: 100%|██████████| 5/5 [02:48<00:00, 32.00s/it, t_loss=4.58, i_acc=0.73, e_f1=0.0192]\n"
    "01:48:02 INFO  rasa.engine.training.hooks  - Finished training component 'DIETClassifier'.\n"
    "01:48:02 INFO  rasa.engine.training.hooks  - Starting to train component 'ResponseSelector'.\n"
    "\rEpochs:  20%|██        | 1/5 [00:12<00:40, 12.00s/it]"
    "\rEpochs: 100%|██████████| 5/5 [00:52<00:00, 10.00s/it]\n"
    "Processed rules: 100%|██████████| 21/21 [00:00<00:00, 8386.21it/s, # trackers=1]\n"
)


def test_the_time_of_an_epoch_is_that_of_those_after_the_first() -> None:
    assert read_epochs(_LOG) == {"DIETClassifier": Epochs(5, 30.0), "ResponseSelector": Epochs(5, 10.0)}


def test_one_epoch_is_all_there_is_to_go_by() -> None:
    log = "Starting to train component 'DIETClassifier'\nEpochs: 100%|██| 1/1 [01:02<00:00, 62.0s/it]"
    assert read_epochs(log) == {"DIETClassifier": Epochs(1, 62.0)}


def test_hours_are_read_too() -> None:
    log = (
        "Starting to train component 'DIETClassifier'\rEpochs:   1%|  | 1/101 [00:40<1:00:00, 40.0s/it]"
        "\rEpochs: 100%|██| 101/101 [1:07:20<00:00, 40.0s/it]"
    )
    assert read_epochs(log)["DIETClassifier"].seconds_each == 40.0


def test_a_log_without_epochs_tells_nothing() -> None:
    assert read_epochs("Your Rasa model is trained") == {}


def test_the_whole_training_is_what_was_measured_and_the_epochs_that_lack() -> None:
    assert reckon_whole(400.0, read_epochs(_LOG), 100) == pytest.approx(400 + 95 * 30 + 95 * 10)
    assert reckon_whole(400.0, read_epochs(_LOG), 5) == 400.0


def test_of_a_first_epoch_alone_nothing_is_reckoned() -> None:
    assert reckon_whole(400.0, {"DIETClassifier": Epochs(1, 62.0)}, 100) is None

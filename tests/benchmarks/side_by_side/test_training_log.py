from __future__ import annotations

import pytest

from benchmarks.side_by_side.training_log import Epochs, read_epochs, reckon_whole

_LOG = (
    "01:47:05 INFO  rasa.engine.training.hooks  - Starting to train component 'DIETClassifier'.\n"
    "\rEpochs:   0%|          | 0/5 [00:00<?, ?it/s]"
    "\rEpochs:  20%|██        | 1/5 [00:48<03:12, 48.68s/it]"
    "\rEpochs:  20%|██        | 1/5 [00:48<03:12, 48.68s/it, t_loss=4.58, i_acc=0.73, e_f1=0.0192]"
    "\rEpochs:  40%|████      | 2/5 [01:20<01:50, 40.00s/it, t_loss=4.58, i_acc=0.73, e_f1=0.0192]"
    "\rEpochs: 100%|██████████| 5/5 [02:48<00:00, 31.00s/it, t_loss=4.58, i_acc=0.73, e_f1=0.0192]"
    "\rEpochs: 100%|██████████| 5/5 [02:48<00:00, 33.74s/it, t_loss=4.58, i_acc=0.73, e_f1=0.0192]\n"
    "01:48:02 INFO  rasa.engine.training.hooks  - Finished training component 'DIETClassifier'.\n"
    "01:48:02 INFO  rasa.engine.training.hooks  - Starting to train component 'ResponseSelector'.\n"
    "\rEpochs:  20%|██        | 1/5 [00:12<00:40, 12.00s/it]"
    "\rEpochs: 100%|██████████| 5/5 [00:52<00:00, 10.40s/it]\n"
    "Processed rules: 100%|██████████| 21/21 [00:00<00:00, 8386.21it/s, # trackers=1]\n"
)

_LOG_OF_POLICIES = (
    "05:58:25 INFO  rasa.engine.training.hooks  - Starting to train component 'TEDPolicy'.\n"
    "Processed trackers: 100%|██████████| 510/510 [00:00<00:00, 1562.12it/s, # action=202]\n"
    "\rEpochs:   0%|          | 0/2 [00:00<?, ?it/s]"
    "\rEpochs:  50%|█████     | 1/2 [00:07<00:07,  7.98s/it]"
    "\rEpochs:  50%|█████     | 1/2 [00:07<00:07,  7.98s/it, t_loss=5.01, loss=4.84, acc=0.0352]"
    "\rEpochs: 100%|██████████| 2/2 [00:08<00:00,  7.98s/it, t_loss=4.42, loss=4.25, acc=0.0398]"
    "\rEpochs: 100%|██████████| 2/2 [00:08<00:00,  4.04s/it, t_loss=4.42, loss=4.25, acc=0.0398]\n"
    "05:58:34 INFO  rasa.engine.training.hooks  - Finished training component 'TEDPolicy'.\n"
    "05:58:34 INFO  rasa.engine.training.hooks  - Starting to train component 'UnexpecTEDIntentPolicy'.\n"
    "Processed trackers: 100%|██████████| 510/510 [00:00<00:00, 3992.10it/s, # intent=101]\n"
    "\rEpochs:   5%|          | 1/20 [00:06<01:54,  6.10s/it, t_loss=0.894, loss=0.729, acc=0.58]"
    "\rEpochs: 100%|██████████| 20/20 [00:08<00:00,  8.50it/s, t_loss=0.805, loss=0.641, acc=0.617]"
    "\rEpochs: 100%|██████████| 20/20 [00:08<00:00,  2.50it/s, t_loss=0.805, loss=0.641, acc=0.617]\n"
    "05:58:45 INFO  rasa.engine.training.hooks  - Finished training component 'UnexpecTEDIntentPolicy'.\n"
)


def test_the_time_of_an_epoch_is_that_of_those_after_the_first() -> None:
    found = read_epochs(_LOG)
    assert {name: one.count for name, one in found.items()} == {"DIETClassifier": 5, "ResponseSelector": 5}
    assert found["DIETClassifier"].seconds_each == pytest.approx((5 * 33.74 - 48.68) / 4)
    assert found["ResponseSelector"].seconds_each == pytest.approx(10.0)


def test_the_epochs_of_the_policies_are_read_to_the_hundredth() -> None:
    assert read_epochs(_LOG_OF_POLICIES) == {
        "TEDPolicy": Epochs(2, pytest.approx(0.1)),
        "UnexpecTEDIntentPolicy": Epochs(20, pytest.approx(0.1)),
    }
    assert reckon_whole(20.0, read_epochs(_LOG_OF_POLICIES), 100) == pytest.approx(20 + 98 * 0.1 + 80 * 0.1)


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
    assert reckon_whole(400.0, read_epochs(_LOG), 100) == pytest.approx(400 + 95 * 30 + 95 * 10, abs=1)
    assert reckon_whole(400.0, read_epochs(_LOG), 5) == 400.0


def test_of_a_first_epoch_alone_nothing_is_reckoned() -> None:
    assert reckon_whole(400.0, {"DIETClassifier": Epochs(1, 62.0)}, 100) is None

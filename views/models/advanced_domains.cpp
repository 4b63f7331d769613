#include "rind/models/advanced_domains.h"

namespace rind::models {

using Kind = SettingDomain::Kind;

std::vector<SettingDomain> advancedDomains() {
  return {
      {.key = "optimiser",
       .kind = Kind::choice,
       .label = "Optimiser",
       .explanation =
           "How a gradient becomes a step. <b>Adam</b>: a step size for every weight, as in the paper. "
           "<b>AdamW</b>: the same, with the weight decay kept out of those step sizes. <b>SGD</b>: one step "
           "size "
           "for all, with Nesterov's momentum; it wants a larger learning rate, such as 0.01.",
       .choices = {{"adam", "Adam"}, {"adamw", "AdamW"}, {"sgd", "SGD with momentum"}}},
      {.key = "momentum",
       .kind = Kind::real,
       .label = "Momentum",
       .explanation = "Share of the last step that SGD carries on with; 0.99 averages over about 100 steps. "
                      "The other optimisers do not use it.",
       .most = 0.9999,
       .step = 0.01,
       .decimals = 4},
      {.key = "weight-decay",
       .kind = Kind::real,
       .label = "Weight decay",
       .explanation =
           "Pulls weights towards zero, so that the network fits noise less. None in the paper; the "
           "authors' code has 0.0005. A running training takes it.",
       .most = 1,
       .step = 0.0001,
       .decimals = 6,
       .none = "none"},
      {.key = "average",
       .kind = Kind::real,
       .label = "Average (EMA)",
       .explanation =
           "Validates and keeps a running average of the weights instead of the last step's: steadier "
           "scores, most of all late. 0.999 averages over about 1000 steps; a short training wants "
           "less, such as 0.99.",
       .most = 0.9999,
       .step = 0.001,
       .decimals = 4,
       .none = "off"},
      {.key = "deep-supervision",
       .kind = Kind::toggle,
       .label = "Deep supervision",
       .explanation = "Trains the network's levels of 1/2 and 1/4 resolution too, at half and a quarter of "
                      "the weight, so "
                      "that deep levels learn sooner. The curves show the full resolution's loss. U-Net and "
                      "V-Net only."},
      {.key = "accumulate",
       .kind = Kind::integer,
       .label = "Accumulate",
       .explanation =
           "Batches whose gradients make one step. Batch 1 with 4 accumulated trains nearly as batch 4 "
           "does, in a quarter of the memory.",
       .least = 1,
       .most = 1024},
      {.key = "clip",
       .kind = Kind::real,
       .label = "Clip gradient",
       .explanation =
           "Longest gradient (its Euclidean norm): a longer one is scaled down to it, so that one odd "
           "patch cannot throw the weights far. A running training takes it.",
       .most = 1000,
       .step = 0.5,
       .decimals = 2,
       .none = "off"},
      {.key = "warm-up",
       .kind = Kind::optional_real,
       .label = "Warm-up",
       .explanation = "Share of the training over which the learning rate rises from 0. "
                      "<b>by schedule</b>: 0.02 for cosine, none for the others.",
       .most = 1,
       .step = 0.01,
       .decimals = 2,
       .none = "by schedule"},
      {.key = "patience",
       .kind = Kind::integer,
       .label = "Patience",
       .explanation =
           "Epochs without a better mean DSC after which the training ends. <b>never</b>: it runs to "
           "its last epoch. A running training takes it.",
       .most = 10000,
       .none = "never"},
      {.key = "foreground",
       .kind = Kind::real,
       .label = "Foreground",
       .explanation =
           "Share of patches that are cut around a random voxel of an organ, in cases larger than the "
           "patch; the rest are cut anywhere. Raise it where organs are small. A running training takes "
           "it at its next epoch.",
       .most = 1,
       .step = 0.05,
       .decimals = 2}};
}

}  // namespace rind::models

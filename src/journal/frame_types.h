/* What a frame can be, in one table. A type's number and the meaning of each of its versions never
   change once released; a change of the payload is a new version. The journal itself knows only the
   types below HS_FRAME_FIRST_OF_SERVICE; how the others encode their bytes is the business of
   service/. Numbers that are not in the table are kept and handed to readers all the same: a
   journal written by a newer release must survive an older one. */
#ifndef HANSA_JOURNAL_FRAME_TYPES_H
#define HANSA_JOURNAL_FRAME_TYPES_H

/*  X(symbol, number, newest version, "name", "what it says") */
#define HS_FRAME_TYPE_TABLE(X)                                                                     \
  X(HS_FRAME_EPOCH, 1, 1, "epoch", "a new epoch begins: the journal was made or restored")         \
  X(HS_FRAME_LOST, 2, 1, "lost", "a repair found these sequences unreadable")                      \
  X(HS_FRAME_IMPORT, 16, 1, "import", "one bulk import: hash of the source, mapping, schema")      \
  X(HS_FRAME_TOUCH, 17, 1, "touch", "a person met a partner's link, coupon, content or event")     \
  X(HS_FRAME_ORDER, 18, 1, "order", "a customer bought something")                                 \
  X(HS_FRAME_REFUND, 19, 1, "refund", "a customer gave something back")                            \
  X(HS_FRAME_LEAD, 20, 1, "lead", "somebody showed interest that may become an order")             \
  X(HS_FRAME_IDENTITY, 21, 1, "identity", "evidence that two ids are one person")                  \
  X(HS_FRAME_DECISION, 22, 1, "decision", "a decision or a clock that changes money")              \
  X(HS_FRAME_SETTING, 23, 1, "setting", "a setting of the programme changed")                      \
  X(HS_FRAME_SERIES, 24, 1, "series", "a daily figure of a market")                                \
  X(HS_FRAME_COST, 25, 1, "cost", "what a partnership cost")                                       \
  X(HS_FRAME_ACTIVITY, 26, 1, "activity", "impressions, subscribers, reach")                       \
  X(HS_FRAME_ERASURE, 27, 1, "erasure", "personal parts were zeroed, and why")

enum hs_frame_type {
#define HS_FRAME_TYPE_SYMBOL(symbol, number, version, name, words) symbol = number,
  HS_FRAME_TYPE_TABLE(HS_FRAME_TYPE_SYMBOL)
#undef HS_FRAME_TYPE_SYMBOL
};

#define HS_FRAME_FIRST_OF_SERVICE 16

/* The name in the table, or "unknown"; lives for ever. */
const char *hs_frame_type_name(unsigned type);
/* The newest version in the table, or 0 when the type is not in it. */
unsigned hs_frame_type_version(unsigned type);

#endif

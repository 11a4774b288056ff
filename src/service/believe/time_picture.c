#include "service/believe/time_picture.h"

#include <math.h>
#include <stdio.h>

#include "service/believe/report_words.h"

#define WIDTH 960.0
#define HEIGHT 260.0
#define LEFT 84.0 /* room for the figures of the axis */
#define RIGHT 12.0
#define TOP 8.0
#define BOTTOM 26.0 /* and for the dates */
#define TICKS_WANTED 4.0

struct frame {
  const struct hs_time_picture *picture;
  double low, high; /* of the values */
  double tick;
};

static double x_of(const struct frame *frame, double period)
{
  size_t steps = frame->picture->count > 1 ? frame->picture->count - 1 : 1;
  return LEFT + period / (double)steps * (WIDTH - LEFT - RIGHT);
}

static double y_of(const struct frame *frame, double value)
{
  return TOP + (frame->high - value) / (frame->high - frame->low) * (HEIGHT - TOP - BOTTOM);
}

static void stretch(const double *values, size_t count, struct frame *frame)
{
  for (size_t t = 0; values != NULL && t < count; t++)
    if (isfinite(values[t])) {
      frame->low = fmin(frame->low, values[t]);
      frame->high = fmax(frame->high, values[t]);
    }
}

/* Ticks at 1, 2 or 5 times a power of ten. */
static double tick_of(double range)
{
  double raw = range / TICKS_WANTED;
  double power = pow(10, floor(log10(raw)));
  double factor = raw / power;
  return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
}

/* 0 when there is nothing to show. */
static int measure(const struct hs_time_picture *picture, struct frame *frame)
{
  *frame = (struct frame){picture, (double)INFINITY, -(double)INFINITY, 1};
  stretch(picture->line, picture->count, frame);
  stretch(picture->expected, picture->count, frame);
  stretch(picture->low, picture->count, frame);
  stretch(picture->high, picture->count, frame);
  if (!(frame->high >= frame->low))
    return 0;
  if (picture->has_zero) {
    frame->low = fmin(frame->low, 0);
    frame->high = fmax(frame->high, 0);
  }
  if (!(frame->high > frame->low))
    frame->high = frame->low + 1;
  double room = 0.04 * (frame->high - frame->low);
  frame->low -= room;
  frame->high += room;
  frame->tick = tick_of(frame->high - frame->low);
  return 1;
}

static void axis(const struct frame *frame, struct hs_buf *out)
{
  char figure[HS_FIGURE_TEXT];
  int digits = (int)fmax(0, -floor(log10(frame->tick) + 1e-9));
  double first = ceil(frame->low / frame->tick);
  for (double k = first; k * frame->tick <= frame->high; k++) {
    double y = y_of(frame, k * frame->tick);
    hs_figure(k * frame->tick, digits, figure);
    hs_buf_printf(out, "<path d=\"M%.1f %.1fH%.1f\" stroke=\"var(--line)\"/>", LEFT, y,
                  WIDTH - RIGHT);
    hs_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LEFT - 8,
                  y + 4, figure);
  }
  if (frame->picture->has_zero)
    hs_buf_printf(out, "<path d=\"M%.1f %.1fH%.1f\" stroke=\"var(--soft)\"/>\n", LEFT,
                  y_of(frame, 0), WIDTH - RIGHT);
}

static void date(double x, const char *anchor, struct hs_str text, struct hs_buf *out)
{
  if (text.length == 0)
    return;
  hs_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, HEIGHT - 8, anchor);
  hs_buf_add_html(out, text);
  hs_buf_add_text(out, "</text>\n");
}

/* The date of the mark gives way to that of an end which it would touch. */
static void dates(const struct frame *frame, struct hs_buf *out)
{
  const struct hs_time_picture *picture = frame->picture;
  double at = x_of(frame, (double)picture->mark);
  date(LEFT, "start", picture->first, out);
  date(WIDTH - RIGHT, "end", picture->last, out);
  if (picture->mark >= picture->count)
    return;
  hs_buf_printf(out,
                "<path d=\"M%.1f %.1fV%.1f\" stroke=\"var(--soft)\" stroke-dasharray=\"2 3\"/>\n",
                x_of(frame, (double)picture->mark - 0.5), TOP, HEIGHT - BOTTOM);
  if (at > LEFT + 130 && at < WIDTH - RIGHT - 130)
    date(at, "middle", picture->at_mark, out);
}

static void line(const struct frame *frame, const double *values, const char *style,
                 struct hs_buf *out)
{
  int is_drawing = 0;
  if (values == NULL)
    return;
  hs_buf_add_text(out, "<path fill=\"none\" d=\"");
  for (size_t t = 0; t < frame->picture->count; t++) {
    int is_here = isfinite(values[t]) != 0;
    if (is_here) /* a lone point is a line of no length, which round ends make visible */
      hs_buf_printf(out, is_drawing ? "L%.1f %.1f" : "M%.1f %.1fh0", x_of(frame, (double)t),
                    y_of(frame, values[t]));
    is_drawing = is_here;
  }
  hs_buf_printf(out, "\" %s/>\n", style);
}

static int has_band(const struct hs_time_picture *picture, size_t t)
{
  return t < picture->count && isfinite(picture->low[t]) && isfinite(picture->high[t]);
}

/* One closed shape for each run of periods that have both ends. */
static void band(const struct frame *frame, struct hs_buf *out)
{
  const struct hs_time_picture *picture = frame->picture;
  if (picture->low == NULL)
    return;
  for (size_t from = 0; from < picture->count; from++) {
    size_t until = from;
    while (has_band(picture, until))
      until++;
    if (until == from)
      continue;
    hs_buf_add_text(out, "<path fill=\"var(--range)\" fill-opacity=\".3\" d=\"");
    for (size_t t = from; t < until; t++)
      hs_buf_printf(out, t == from ? "M%.1f %.1f" : "L%.1f %.1f", x_of(frame, (double)t),
                    y_of(frame, picture->high[t]));
    for (size_t t = until; t-- > from;)
      hs_buf_printf(out, "L%.1f %.1f", x_of(frame, (double)t), y_of(frame, picture->low[t]));
    hs_buf_add_text(out, "Z\"/>\n");
    from = until;
  }
}

void hs_time_picture(const struct hs_time_picture *picture, struct hs_buf *out)
{
  struct frame frame;
  if (!measure(picture, &frame))
    return;
  hs_buf_printf(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">\n", WIDTH,
                HEIGHT, picture->label);
  axis(&frame, out);
  band(&frame, out);
  line(&frame, picture->expected,
       "stroke=\"var(--range)\" stroke-width=\"1.6\" stroke-dasharray=\"6 3\"", out);
  line(&frame, picture->line,
       "stroke=\"var(--bar)\" stroke-width=\"1.8\" stroke-linejoin=\"round\" "
       "stroke-linecap=\"round\"",
       out);
  dates(&frame, out);
  hs_buf_add_text(out, "</svg>\n");
}

/* Proves measure/coupons: whose code it was, compared without case, at a moment, in a list of any
   length. The oracle reads the whole list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "measure/coupons.h"
#include "support/random.h"

enum { OWNERS = 300, QUESTIONS = 20000 };

static void a_code_is_found_in_any_case_while_it_is_valid([[maybe_unused]] void **state)
{
  struct hs_coupon_owner owners[] = {{HS_STR("spring"), HS_STR("blog"), 100, 200},
                                     {HS_STR("SPRING"), HS_STR("mail"), 200, INT64_MAX},
                                     {HS_STR("Autumn"), HS_STR("shop"), INT64_MIN, 150}};
  hs_coupons_sort(owners, 3);
  assert_null(hs_coupons_find(owners, 3, HS_STR("Spring"), 99));
  assert_string_equal(hs_coupons_find(owners, 3, HS_STR("Spring"), 100)->partner.data, "blog");
  assert_string_equal(hs_coupons_find(owners, 3, HS_STR("sprinG"), 199)->partner.data, "blog");
  assert_string_equal(hs_coupons_find(owners, 3, HS_STR("SPRING"), 200)->partner.data, "mail");
  assert_string_equal(hs_coupons_find(owners, 3, HS_STR("AUTUMN"), 149)->partner.data, "shop");
  assert_null(hs_coupons_find(owners, 3, HS_STR("AUTUMN"), 150));
  assert_null(hs_coupons_find(owners, 3, HS_STR("SPRIN"), 150));
  assert_null(hs_coupons_find(owners, 3, HS_STR("SPRINGS"), 150));
}

static void no_code_and_no_owners_find_nobody([[maybe_unused]] void **state)
{
  struct hs_coupon_owner owner = {HS_STR("spring"), HS_STR("blog"), INT64_MIN, INT64_MAX};
  hs_coupons_sort(NULL, 0);
  assert_null(hs_coupons_find(NULL, 0, HS_STR("spring"), 0));
  assert_null(hs_coupons_find(&owner, 1, (struct hs_str){0}, 0));
  assert_null(hs_coupons_find(&owner, 1, HS_STR(""), 0));
}

/* Codes of one to four letters of two, so that many are alike or begin alike. */
static uint64_t draw(uint64_t *random, uint64_t below)
{
  return (next_random(random) >> 20) % below;
}

static struct hs_str draw_code(uint64_t *random, char text[8])
{
  size_t length = 1 + (size_t)draw(random, 4);
  for (size_t i = 0; i < length; i++)
    text[i] = "aAbB"[draw(random, 4)];
  return (struct hs_str){text, length};
}

static void the_search_finds_whom_reading_the_whole_list_finds([[maybe_unused]] void **state)
{
  static struct hs_coupon_owner owners[OWNERS];
  static char texts[OWNERS][8];
  uint64_t random = 1;
  for (size_t i = 0; i < OWNERS; i++) {
    int64_t from_us = (int64_t)draw(&random, 100);
    owners[i] =
        (struct hs_coupon_owner){.code = draw_code(&random, texts[i]),
                                 .valid_from_us = from_us,
                                 .valid_until_us = from_us + 1 + (int64_t)draw(&random, 10)};
  }
  hs_coupons_sort(owners, OWNERS);
  for (int question = 0; question < QUESTIONS; question++) {
    char text[8];
    struct hs_str code = draw_code(&random, text);
    int64_t at_us = (int64_t)draw(&random, 120);
    const struct hs_coupon_owner *expected = NULL;
    for (size_t i = 0; i < OWNERS && expected == NULL; i++)
      if (hs_str_equal_ascii_fold(owners[i].code, code) && owners[i].valid_from_us <= at_us &&
          at_us < owners[i].valid_until_us)
        expected = &owners[i];
    assert_ptr_equal(hs_coupons_find(owners, OWNERS, code, at_us), expected);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_code_is_found_in_any_case_while_it_is_valid),
      cmocka_unit_test(no_code_and_no_owners_find_nobody),
      cmocka_unit_test(the_search_finds_whom_reading_the_whole_list_finds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

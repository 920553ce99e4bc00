/** The body that the upstream of the benchmarks answers with. */
export const answerBody = Buffer.from(
  JSON.stringify({
    id: 'itm_0000000042',
    name: 'Desk lamp',
    description: 'A lamp for a desk, with an arm that stays where it is put',
    price: 29.9,
    stock: 112,
    tags: ['light', 'desk', 'steel'],
    supplier: { id: 'sup_7', name: 'Mill & Co' },
  }),
)

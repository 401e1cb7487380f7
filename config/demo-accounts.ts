/** Made on the first start outside production, and shown on the screen; production refuses them. */
export const DEMO_ACCOUNTS = {
  admin: { email: 'admin@pannier.example', password: 'keep-the-shop' },
  customer: { email: 'customer@pannier.example', password: 'feed-the-cat' },
} as const;

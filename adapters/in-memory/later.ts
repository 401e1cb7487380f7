export const later = (moment: Date, seconds: number): Date => new Date(moment.getTime() + seconds * 1000);

export const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

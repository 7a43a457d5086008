/** A telephone number as an address that dials it: signs that people write for reading are left out. */
export function tel(phone: string): string {
  return `tel:${phone.replace(/[^0-9+#*,]/g, '')}`;
}

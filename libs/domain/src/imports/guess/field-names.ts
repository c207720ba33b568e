import type { ImportEntity } from '../import-entity.js';

/** How shops call a field, in letters and digits alone. The first that a file has wins. */
export const FIELD_NAMES: Readonly<Record<ImportEntity, Readonly<Record<string, readonly string[]>>>> = {
  interactions: {
    eventId: ['eventid', 'interactionid', 'lineid', 'rowid', 'positionid'],
    type: ['eventtype', 'interactiontype', 'type', 'event', 'action'],
    customerId: [
      ...['customerid', 'customer', 'customerno', 'customernumber', 'clientid', 'client', 'userid', 'user'],
      ...['memberid', 'accountid', 'visitorid', 'shopperid', 'buyerid', 'kundennummer', 'kundennr', 'kunde'],
    ],
    productId: [
      ...[
        'productid',
        'product',
        'productcode',
        'stockcode',
        'sku',
        'itemid',
        'item',
        'articleid',
        'article',
      ],
      ...['articleno', 'articlenumber', 'asin', 'ean', 'gtin', 'artikelnummer', 'artikelnr', 'artikel'],
    ],
    occurredAt: [
      ...['occurredat', 'timestamp', 'eventtime', 'datetime', 'invoicedate', 'orderdate', 'purchasedate'],
      ...['transactiondate', 'createdat', 'date', 'time', 'soldat', 'bestelldatum', 'datum', 'zeit'],
    ],
    quantity: ['quantity', 'qty', 'units', 'pieces', 'amount', 'count', 'menge', 'anzahl'],
    unitPrice: ['unitprice', 'price', 'itemprice', 'saleprice', 'netprice', 'preis', 'einzelpreis'],
    rating: ['rating', 'stars', 'score'],
    orderId: [
      ...['orderid', 'order', 'orderno', 'ordernumber', 'invoiceno', 'invoiceid', 'invoice', 'basketid'],
      ...['receiptid', 'receipt', 'transactionid', 'bestellnummer', 'rechnungsnummer', 'bon'],
    ],
    channel: ['channel', 'source', 'device', 'kanal'],
    offerId: ['offerid', 'offer'],
  },
  customers: {
    customerId: [
      'customerid',
      'customer',
      'customerno',
      'clientid',
      'userid',
      'user',
      'id',
      'kundennummer',
      'kunde',
    ],
    region: ['region', 'state', 'province', 'county', 'bundesland'],
    country: ['country', 'countrycode', 'land'],
    ageBand: ['ageband', 'agegroup', 'age'],
    gender: ['gender', 'sex', 'geschlecht'],
    tier: ['tier', 'loyaltytier', 'level', 'status', 'membership'],
    segment: ['segment', 'group', 'cluster', 'kundengruppe'],
    createdAt: ['createdat', 'since', 'registeredat', 'signupdate', 'joined', 'kundeseit'],
  },
  products: {
    productId: [
      'productid',
      'product',
      'stockcode',
      'sku',
      'itemid',
      'item',
      'articleid',
      'id',
      'artikelnummer',
    ],
    name: ['name', 'title', 'productname', 'itemname', 'bezeichnung', 'description'],
    category: ['category', 'categoryname', 'department', 'producttype', 'kategorie', 'warengruppe'],
    brand: ['brand', 'manufacturer', 'vendor', 'marke', 'hersteller'],
    description: ['description', 'longdescription', 'text', 'beschreibung'],
    price: ['price', 'unitprice', 'listprice', 'preis'],
    availableFrom: ['availablefrom', 'launchdate', 'releasedate', 'createdat'],
    retiredAt: ['retiredat', 'discontinuedat', 'enddate'],
  },
  offers: {
    offerId: ['offerid', 'offer', 'id'],
    productId: ['productid', 'product', 'sku', 'itemid', 'item'],
    name: ['name', 'title'],
    price: ['price', 'offerprice', 'preis'],
    validFrom: ['validfrom', 'from', 'start', 'startdate'],
    validUntil: ['validuntil', 'validto', 'until', 'end', 'enddate'],
  },
  promotions: {
    promotionId: ['promotionid', 'promotion', 'promoid', 'campaignid', 'id'],
    name: ['name', 'title'],
    productIds: ['productids', 'products', 'skus', 'items'],
    discountShare: ['discountshare', 'discount', 'rebate', 'rabatt'],
    validFrom: ['validfrom', 'from', 'start', 'startdate'],
    validUntil: ['validuntil', 'validto', 'until', 'end', 'enddate'],
  },
};

/** What the rows of an interactions file often tell about the product and the customer beside. */
export const STUB_NAMES = {
  product: {
    name: ['description', 'productname', 'itemname', 'name', 'title', 'bezeichnung', 'product'],
    category: ['category', 'department', 'producttype', 'kategorie', 'warengruppe'],
    brand: ['brand', 'manufacturer', 'vendor', 'marke'],
  },
  customer: {
    country: ['country', 'countrycode', 'land'],
    region: ['region', 'state', 'province', 'bundesland'],
    segment: ['segment', 'customergroup', 'kundengruppe'],
    tier: ['tier', 'loyaltytier'],
  },
} as const;

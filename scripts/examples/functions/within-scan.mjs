/** True for an error of a scan that goes on: of one endpoint, or of one name among others. Its report still comes. */
export const isWithinScan = ({ error, scan, complete }) =>
  error !== undefined && scan !== undefined && complete !== true;

/** What the tests use of a client for ZKTeco devices that others have written, and that brings no types. */
declare module 'zkteco-js' {
  export default class ZktecoJs {
    constructor(ip: string, port: number, timeout: number, inport: number);
    createSocket(): Promise<boolean>;
    getInfo(): Promise<{ userCounts: number; logCounts: number; logCapacity: number }>;
    getSerialNumber(): Promise<string>;
    getTime(): Promise<Date>;
    getUsers(): Promise<{ data: readonly { uid: number; userId: string; name: string }[] }>;
    getAttendances(): Promise<{
      data: readonly { sn: number; user_id: string; record_time: string; type: number; state: number }[];
    }>;
    getRealTimeLogs(hear: (log: { userId: string; attTime: Date }) => void): Promise<void>;
    disconnect(): Promise<void>;
  }
}

namespace RemoteMcp.DataProtection;

/// <summary>
/// Where the fleet's keys lie: table <c>Keys</c>, partition <c>ring</c> (Data Protection's key elements, row by row in the order in
/// which they were added) and partition <c>secrets</c> (<see cref="FleetSecret"/>, a row each).
/// </summary>
/// <remarks>
/// <para>
/// No row expires. A key that no longer seals anything must still open what it sealed, a secret for years; the ring grows by one row
/// of 2 KiB every 88 days, because Data Protection replaces a key two days before its 90 are over.
/// </para>
/// <para>
/// Who can read this table can forge what the server seals: the table is guarded by the account's role assignments and encrypted at
/// rest by Azure Storage, and there is no further secret to keep. If its rows are lost, the server makes new ones: states and session
/// ids that were sealed before are refused, clients start their call or session again, callers' tokens are exchanged again, and nothing
/// else is lost.
/// </para>
/// </remarks>
internal static class KeyRows
{
    public const string Table = "Keys";
    public const string Ring = "ring";
    public const string Secrets = "secrets";

    public static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

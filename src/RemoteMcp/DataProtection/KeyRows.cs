namespace RemoteMcp.DataProtection;

/// <summary>
/// Specifies where the fleet's keys are stored: in the table <c>Keys</c>. The partition <c>ring</c> has the key elements of Data
/// Protection, one per row, in the order in which they were added. The partition <c>secrets</c> has one row per purpose, from
/// <see cref="FleetSecret"/>.
/// </summary>
/// <remarks>
/// <para>
/// The rows do not expire. A key that no longer seals must still open what it sealed before, and a secret is used for years. The ring grows
/// by one row of 2 KiB every 88 days, because Data Protection replaces a key two days before its 90 days end.
/// </para>
/// <para>
/// The secrets and signing keys are sealed with the ring. If <see cref="KeyProtectionOptions.KeyVaultKey"/> is set, the ring is encrypted
/// with that key, and an attacker who reads the table learns nothing. If it is not set, such an attacker can forge what the server seals,
/// and only the role assignments of the account protect the table. If the rows are lost, the server creates new ones: states and session
/// ids that were sealed before are refused, clients start their calls or sessions again, and callers' tokens are exchanged again.
/// Nothing else is lost.
/// </para>
/// </remarks>
internal static class KeyRows
{
    public const string Table = "Keys";
    public const string Ring = "ring";
    public const string Secrets = "secrets";

    public static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

namespace RemoteMcp.Protocol;

/// <summary>The two ways in which clients talk to a server. Each has methods that the other does not know.</summary>
internal enum ProtocolEra
{
    /// <summary>Revisions up to 2025-11-25: a client sends <c>initialize</c> and gets a session.</summary>
    Sessions,

    /// <summary>Revisions from 2026-07-28 on: every request carries everything that the server needs.</summary>
    Stateless,
}

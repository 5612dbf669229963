namespace RemoteMcp.Protocol;

/// <summary>
/// Specifies the group of a protocol revision: the revisions with sessions, or those without. Each group has methods that the other lacks.
/// </summary>
internal enum ProtocolEra
{
    /// <summary>The revisions up to 2025-11-25. A client sends <c>initialize</c> and gets a session.</summary>
    Sessions,

    /// <summary>The revisions from 2026-07-28 on. Each request contains everything that the server needs.</summary>
    Stateless,
}

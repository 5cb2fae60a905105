"""Every criterion kind and where its class lives, as text: listing imports none."""

import importlib
from typing import Final

KINDS: Final = {
    "alive_counter": "examrunner.criteria.alive_counter:AliveCounter",
    "answer_choice": "examrunner.criteria.answer_choice:AnswerChoice",
    "answer_dtc": "examrunner.criteria.answer_dtc:AnswerDtc",
    "answer_number": "examrunner.criteria.answer_number:AnswerNumber",
    "answer_order": "examrunner.criteria.answer_order:AnswerOrder",
    "answer_table": "examrunner.criteria.answer_table:AnswerTable",
    "answer_text": "examrunner.criteria.answer_text:AnswerText",
    "answer_vs_recording": "examrunner.criteria.answer_number:AnswerNumber",
    "attachment": "examrunner.criteria.attachment:Attachment",
    "bus_load": "examrunner.criteria.bus_load:BusLoad",
    "camera_health": "examrunner.criteria.camera_health:CameraHealth",
    "challenge_seen": "examrunner.criteria.challenge_seen:ChallengeSeen",
    "checksum": "examrunner.criteria.checksum:Checksum",
    "composite": "examrunner.criteria.composite:Composite",
    "did_value": "examrunner.criteria.did_value:DidValue",
    "dtc_clear_verify": "examrunner.criteria.dtc_clear_verify:DtcClearVerify",
    "dtc_status": "examrunner.criteria.dtc_status:DtcStatus",
    "duplicate_sender": "examrunner.criteria.duplicate_sender:DuplicateSender",
    "error_frames": "examrunner.criteria.error_frames:ErrorFrames",
    "event_count": "examrunner.criteria.event_count:EventCount",
    "event_dwell": "examrunner.criteria.event_dwell:EventDwell",
    "event_latency": "examrunner.criteria.event_latency:EventLatency",
    "event_order": "examrunner.criteria.event_order:EventOrder",
    "examiner_check": "examrunner.criteria.examiner_check:ExaminerCheck",
    "extrinsics_ref": "examrunner.criteria.extrinsics_ref:ExtrinsicsRef",
    "forbidden": "examrunner.criteria.forbidden:Forbidden",
    "gateway_route": "examrunner.criteria.gateway_route:GatewayRoute",
    "guard": "examrunner.criteria.guard:Guard",
    "holdout_reproj": "examrunner.criteria.holdout_reproj:HoldoutReproj",
    "image_quality": "examrunner.criteria.image_quality:ImageQuality",
    "intrinsics_ref": "examrunner.criteria.intrinsics_ref:IntrinsicsRef",
    "judgement": "examrunner.criteria.examiner_mark:ExaminerMark",
    "model_discrepancy": "examrunner.criteria.model_discrepancy:ModelDiscrepancy",
    "msg_cycle": "examrunner.criteria.msg_cycle:MsgCycle",
    "msg_layout": "examrunner.criteria.msg_layout:MsgLayout",
    "msg_timeout": "examrunner.criteria.msg_timeout:MsgTimeout",
    "node_set": "examrunner.criteria.node_set:NodeSet",
    "obd_service": "examrunner.criteria.obd_service:ObdService",
    "ppe": "examrunner.criteria.ppe:Ppe",
    "replayed_pictures": "examrunner.criteria.replayed_pictures:ReplayedPictures",
    "replayed_traffic": "examrunner.criteria.replayed_traffic:ReplayedTraffic",
    "reproj_rms": "examrunner.criteria.reproj_rms:ReprojRms",
    "routine_result": "examrunner.criteria.routine_result:RoutineResult",
    "seam_error": "examrunner.criteria.seam_error:SeamError",
    "signal_at": "examrunner.criteria.signal_at:SignalAt",
    "signal_freeze": "examrunner.criteria.signal_freeze:SignalFreeze",
    "signal_range": "examrunner.criteria.signal_range:SignalRange",
    "signal_reach": "examrunner.criteria.signal_reach:SignalReach",
    "signal_relation": "examrunner.criteria.signal_relation:SignalRelation",
    "signal_stat": "examrunner.criteria.signal_stat:SignalStat",
    "state_path": "examrunner.criteria.state_path:StatePath",
    "step_response": "examrunner.criteria.step_response:StepResponse",
    "target_pose": "examrunner.criteria.target_pose:TargetPose",
    "temporal": "examrunner.criteria.temporal:Temporal",
    "time_used": "examrunner.criteria.time_used:TimeUsed",
    "tracking": "examrunner.criteria.tracking:Tracking",
    "uds_security": "examrunner.criteria.uds_session:UdsSecurity",
    "uds_service": "examrunner.criteria.uds_service:UdsService",
    "uds_session": "examrunner.criteria.uds_session:UdsSession",
    "uds_timing": "examrunner.criteria.uds_timing:UdsTiming",
    "view_coverage": "examrunner.criteria.view_coverage:ViewCoverage",
    "view_diversity": "examrunner.criteria.view_diversity:ViewDiversity",
    "views_valid": "examrunner.criteria.views_valid:ViewsValid",
    "zone_marker": "examrunner.criteria.zone_marker:ZoneMarker",
}
"""Kind, as a rubric names it, to ``module:Class``."""


def class_of(kind: str) -> type:
    """The class of a criterion kind.

    Raises:
        KeyError: If there is no such kind.
    """
    module, _, name = KINDS[kind].partition(":")
    found: type = getattr(importlib.import_module(module), name)
    return found
